import { Unsupported } from './unsupported.ts';

/** Bytes that any file may cost, in addition to a multiple of its size. */
const ALWAYS = 2 ** 20;
const TIMES = 8;
/** Multiplications that cost as much as one byte. */
const MULTIPLICATIONS = 32;

/**
 * What an import may cost, in bytes. Small operations can ask for large results (a constant expanded to a million rows, one
 * weight used by a thousand layers), so each is counted before it runs. A dense actor needs little more than its weights.
 */
export class Budget {
  readonly #allowed: number;
  #spent = 0;
  /** allocated arrays by length, and how many of them are in use again */
  readonly #arrays = new Map<number, { readonly made: Float64Array[]; used: number }>();

  /** @param file bytes of the file */
  constructor(file: number) {
    this.#allowed = ALWAYS + TIMES * file;
  }

  /** Time, in multiplications: a small file could ask for billions. */
  work(multiplications: number): void {
    this.spend(multiplications / MULTIPLICATIONS);
  }

  /** An array of zeros; free of charge if reuse() released one. */
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

  /** Lets numbers() return its earlier arrays again. */
  reuse(): void {
    for (const arrays of this.#arrays.values()) arrays.used = 0;
  }

  /** Memory, in bytes. */
  spend(bytes: number): void {
    this.#spent += bytes;
    if (this.#spent <= this.#allowed) return;
    throw new Unsupported(
      'needs far more memory than its size',
      'A policy file is about as large as its weights. Export it again',
    );
  }
}
