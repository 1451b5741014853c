import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Worker } from 'node:worker_threads';

/** How many different lines of each kind are shown without --verbose. */
const SHOWN = 10;

/**
 * The output of code in workers, by console or otherwise: lines above the progress, and never in stdout, which a program
 * may read. The first different lines that scenes log, and the first that they warn with, are shown; the rest are only
 * counted, so a scene that logs every frame buries nothing.
 */
export class WorkerOutput {
  /** prints a line; may be changed at any time */
  print = (line: string): void => void process.stderr.write(`${line}\n`);
  readonly #verbose: boolean;
  #hidden = 0;

  constructor(verbose = false) {
    this.#verbose = verbose;
  }

  /** Takes over the output of a worker, which must have been started with `stdout` and `stderr`. */
  follow({ stdout, stderr }: Worker): void {
    this.#read(stdout, this.#logged);
    this.#read(stderr, this.#warned);
  }

  /** Reports how many lines were not shown, if any. */
  close(): void {
    if (this.#hidden === 0) return;
    const lines = this.#hidden === 1 ? '1 more line' : `${this.#hidden.toLocaleString('en')} more lines`;
    this.print(`Your code logged ${lines}, including repeats. --verbose shows all.`);
    this.#hidden = 0;
  }

  readonly #logged = new Set<string>();
  readonly #warned = new Set<string>();

  #read(stream: Readable, seen: Set<string>): void {
    createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => this.#take(line, seen));
  }

  #take(line: string, seen: Set<string>): void {
    const what = line.replace(/\[\d\d:\d\d:\d\d\]/, ''); // the time that Babylon puts into its messages
    if (!this.#verbose && (seen.has(what) || seen.size >= SHOWN)) {
      this.#hidden++;
      return;
    }
    if (!this.#verbose) seen.add(what);
    this.print(line);
  }
}
