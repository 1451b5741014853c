/** The shortest time between two notifications [ms]. */
const EVERY_MS = 100;

/** Notifies listeners of changes: at once after a quiet period, otherwise once for all changes of 100 ms. */
export class Notifier {
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #scheduled = false;
  #toldAt = Number.NEGATIVE_INFINITY;

  /** Returns a function that unsubscribes. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** @param urgent notifies without delay, for rare changes such as a phase */
  changed(urgent = false): void {
    const wait = this.#toldAt + EVERY_MS - performance.now();
    if (urgent || wait <= 0) {
      if (this.#scheduled) return;
      this.#scheduled = true;
      queueMicrotask(() => this.#tell()); // a listener that throws must not end the training that called it it
    } else this.#timer ??= setTimeout(() => this.#tell(), wait);
  }

  dispose(): void {
    this.#listeners.clear();
    clearTimeout(this.#timer);
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#scheduled = false;
    this.#toldAt = performance.now();
    for (const listener of this.#listeners) listener();
  }
}
