/** Messages for people: each is passed on once, however often it is added. */
export class Notices {
  readonly #seen = new Set<string>();
  readonly #pending: string[] = [];

  add(message: string): void {
    if (this.#seen.has(message)) return;
    this.#seen.add(message);
    this.#pending.push(message);
  }

  /** Those added since the last call. */
  take(): readonly string[] {
    return this.#pending.splice(0);
  }
}
