/** A tab that reloads or leaves a scene releases its runs within this time. */
const PATIENCE_MS = 2000;

/** A run that only one tab at a time may have. The browser releases it when the tab closes, for whatever reason. */
export class RunLock {
  readonly #name: string;
  #claim: Promise<boolean> | undefined;
  #giveBack: (() => void) | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  /** Claims it, after a short wait if needed; without locks (an insecure page) every claim succeeds. */
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
