/** Messages for people. Each one is reported once, however often it is added. */
export class Notices {
  readonly #seen = new Set<string>();
  readonly #pending: string[] = [];
  readonly #sources: (() => readonly string[])[] = [];

  add(message: string): void {
    if (this.#seen.has(message)) return;
    this.#seen.add(message);
    this.#pending.push(message);
  }

  /** Calls `source` for messages on every take(). */
  addFrom(source: () => readonly string[]): void {
    this.#sources.push(source);
  }

  /** Messages added since the last call. */
  take(): readonly string[] {
    for (const source of this.#sources) for (const message of source()) this.add(message);
    return this.#pending.splice(0);
  }
}
