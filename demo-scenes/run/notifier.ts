/** Listeners hear of changes this often at most. */
const EVERY_MS = 100;

/** Tells listeners that something has changed: at once after a quiet while, else once for all changes of 100 ms. */
export class Notifier {
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #scheduled = false;
  #toldAt = Number.NEGATIVE_INFINITY;

  /** Returns how to stop listening. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** @param urgent tells of it without delay: what changed is rare, like a phase */
  changed(urgent = false): void {
    const wait = this.#toldAt + EVERY_MS - performance.now();
    if (urgent || wait <= 0) {
      if (this.#scheduled) return;
      this.#scheduled = true;
      queueMicrotask(() => this.#tell()); // a listener that throws must not end the training that called
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
