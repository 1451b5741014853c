/**
 * A display whose frames come when somebody asks for them, each so many seconds of the page's clock after the one before:
 * what a display of that rate shows a page, as fast as the page can draw.
 */
export class Display {
  #now = performance.now();
  #callbacks: FrameRequestCallback[] = [];

  /** Takes the place of the browser's frames and of `performance.now()` for good. */
  static async take(): Promise<Display> {
    const browsers = globalThis.requestAnimationFrame.bind(globalThis);
    const display = new Display();
    await new Promise(browsers); // behind those who have asked the browser: from now on they ask here
    return display;
  }

  private constructor() {
    performance.now = () => this.#now;
    globalThis.requestAnimationFrame = (callback) => this.#callbacks.push(callback);
  }

  /** One frame, that many seconds after the last. */
  show(seconds: number): void {
    if (this.#callbacks.length === 0) throw new Error('Nobody has asked for a frame.');
    this.#now += seconds * 1000;
    const callbacks = this.#callbacks;
    this.#callbacks = [];
    for (const callback of callbacks) callback(this.#now);
  }
}
