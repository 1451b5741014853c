/** The wall clock of a session: since it began, since an update, since a checkpoint. It stands while the run is held. */
export class RunClock {
  #began: number;
  #cycleBegan = performance.now();
  #savedAt = performance.now();

  /** @param began performance.now() when the session was asked for */
  constructor(began: number) {
    this.#began = began;
  }

  /** s since the session began */
  get seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  /** s since the last checkpoint, or since the clock was made */
  get secondsUnsaved(): number {
    return (performance.now() - this.#savedAt) / 1000;
  }

  /** A checkpoint is being written. */
  save(): void {
    this.#savedAt = performance.now();
  }

  /** ms since the update before was done; another one is now. */
  endCycle(): number {
    const now = performance.now();
    const ms = now - this.#cycleBegan;
    this.#cycleBegan = now;
    return ms;
  }

  /** Stands still until a promise is over. */
  async stand(until: Promise<void>): Promise<void> {
    const stood = performance.now();
    await until;
    const ms = performance.now() - stood;
    this.#began += ms;
    this.#cycleBegan += ms;
    this.#savedAt += ms;
  }
}
