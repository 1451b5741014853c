import { Unsupported } from './unsupported.ts';

/** Bytes that any file may cost, and how often its own size on top. */
const ALWAYS = 2 ** 20;
const TIMES = 4;
/** Multiplications that cost as much as a byte. */
const MULTIPLICATIONS = 32;

/**
 * What an import may take, in bytes: small operations can ask for large results (a constant stretched to a million rows, one
 * weight used by a thousand layers), so each is counted before it is made. A dense actor needs little more than its weights.
 */
export class Budget {
  readonly #allowed: number;
  #spent = 0;

  /** @param file bytes of the file */
  constructor(file: number) {
    this.#allowed = ALWAYS + TIMES * file;
  }

  /** Time, in multiplications: a small file could ask for billions. */
  work(multiplications: number): void {
    this.spend(multiplications / MULTIPLICATIONS);
  }

  /** Bytes of memory. */
  spend(bytes: number): void {
    this.#spent += bytes;
    if (this.#spent <= this.#allowed) return;
    throw new Unsupported(
      'asks for far more memory than its size',
      'A policy’s file is about as large as its weights: export it again',
    );
  }
}
