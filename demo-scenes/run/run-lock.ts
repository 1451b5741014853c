/** A tab that reloads or leaves a scene gives its runs back within this time. */
const PATIENCE_MS = 2000;

/** A run that one tab at a time may have. The browser gives it back when the tab goes, whatever the reason. */
export class RunLock {
  readonly #name: string;
  #claim: Promise<boolean> | undefined;
  #giveBack: (() => void) | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  /** Takes it, after a short wait if need be; without locks (an insecure page) everybody gets it. */
  claim(): Promise<boolean> {
    this.#claim ??= this.#request().catch((error: unknown) => {
      this.#claim = undefined;
      throw error;
    });
    return this.#claim;
  }

  async claimedElsewhere(): Promise<boolean> {
    if (this.#giveBack) return false;
    const { held = [] } = (await navigator.locks?.query()) ?? {};
    return held.some(({ name }) => name === this.#name);
  }

  release(): void {
    this.#giveBack?.();
    this.#giveBack = undefined;
    this.#claim = undefined;
  }

  async #request(): Promise<boolean> {
    if (!navigator.locks) return true;
    return new Promise((resolve, reject) => {
      const hold = () =>
        new Promise<void>((giveBack) => {
          this.#giveBack = giveBack;
          resolve(true);
        });
      navigator.locks
        .request(this.#name, { signal: AbortSignal.timeout(PATIENCE_MS) }, hold)
        .catch((error: unknown) => {
          if (!(error instanceof DOMException && error.name === 'TimeoutError')) return reject(error);
          this.#claim = undefined;
          resolve(false);
        });
    });
  }
}
