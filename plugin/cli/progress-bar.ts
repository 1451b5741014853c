import { SingleBar } from 'cli-progress';

/** A live bar at the foot of a terminal, with lines of text above it; elsewhere the lines alone. */
export class ProgressBar<Shown extends object> {
  readonly #stream: NodeJS.WriteStream;
  readonly #bar: SingleBar;

  /** `format` is the text after the bar, with the names of values in braces. */
  constructor(stream: NodeJS.WriteStream, format: string) {
    this.#stream = stream;
    this.#bar = new SingleBar({
      stream,
      format: `{bar} {percentage}% │ ${format}`,
      barCompleteChar: '━',
      barIncompleteChar: '╌',
      barsize: 24,
      fps: 5,
      hideCursor: true,
      clearOnComplete: true,
      gracefulExit: false,
    });
  }

  /** Whether it draws in a terminal. */
  get live(): boolean {
    return this.#stream.isTTY === true;
  }

  /** Prints a line above the bar. */
  note(text: string): void {
    if (this.live) this.#stream.write(`\r\x1b[K`);
    this.#stream.write(`${text}\n`);
  }

  start(total: number, done: number, shown: Shown): void {
    if (this.live) this.#bar.start(total, done, shown);
  }

  update(done: number, shown: Shown): void {
    if (this.live) this.#bar.update(done, shown);
  }

  dispose(): void {
    this.#bar.stop();
  }
}

/** `75 s`, `12 min`, `3 h 20 min` */
export function formatDuration(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
