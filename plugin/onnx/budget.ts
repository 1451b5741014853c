import { Unsupported } from './unsupported.ts';

/** Bytes that any file may cost, and how often its own size on top. */
const ALWAYS = 2 ** 20;
const TIMES = 8;
/** Multiplications that cost as much as a byte. */
const MULTIPLICATIONS = 32;

/**
 * What an import may take, in bytes: small operations can ask for large results (a constant stretched to a million rows, one
 * weight used by a thousand layers), so each is counted before it is made. A dense actor needs little more than its weights.
 */
export class Budget {
  readonly #allowed: number;
  #spent = 0;
  /** arrays that were made, by how many numbers they hold, and how many of them are in use again */
  readonly #arrays = new Map<number, { readonly made: Float64Array[]; used: number }>();

  /** @param file bytes of the file */
  constructor(file: number) {
    this.#allowed = ALWAYS + TIMES * file;
  }

  /** Time, in multiplications: a small file could ask for billions. */
  work(multiplications: number): void {
    this.spend(multiplications / MULTIPLICATIONS);
  }

  /** An array of zeros; one that reuse() set free costs nothing. */
  numbers(count: number): Float64Array {
    const arrays = this.#arrays.get(count) ?? { made: [], used: 0 };
    const free = arrays.made[arrays.used++];
    if (free) return free.fill(0);
    this.spend(8 * count);
    const array = new Float64Array(count);
    this.#arrays.set(count, arrays);
    arrays.made.push(array);
    return array;
  }

  /** From now on numbers() may give away what it gave before. */
  reuse(): void {
    for (const arrays of this.#arrays.values()) arrays.used = 0;
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
