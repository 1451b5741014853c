/**
 * A display whose frames come when somebody asks for them, each so many seconds of the page's clock after the one before:
 * what a display of that rate shows a page, as fast as the page can draw.
 */
export class Display {
  #now = performance.now();
  #callbacks: FrameRequestCallback[] = [];

  /** Takes the place of the browser's frames and of `performance.now()` for good. */
  constructor() {
    performance.now = () => this.#now;
    globalThis.requestAnimationFrame = (callback) => this.#callbacks.push(callback);
  }

  /** One frame, that many seconds after the last. */
  show(seconds: number): void {
    this.#now += seconds * 1000;
    const callbacks = this.#callbacks;
    this.#callbacks = [];
    for (const callback of callbacks) callback(this.#now);
  }
}
