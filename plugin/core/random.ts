/**
 * A seeded stream of random numbers (sfc32, Doty-Humphrey's "small fast counting" generator, period about 2^128).
 * The same seeds give the same stream on every machine.
 */
export class Random {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  /** Every list of integers gets its own stream: (run 1, area 2) and (run 2, area 1) share nothing. */
  constructor(...seeds: readonly number[]) {
    let hash = 0x9e3779b9;
    for (const seed of seeds) hash = mix((hash ^ seed) + 0x6d2b79f5);
    this.#a = mix(hash + 1);
    this.#b = mix(hash + 2);
    this.#c = mix(hash + 3);
    for (let i = 0; i < 12; i++) this.#next();
  }

  /** Continues from the current position of another stream. */
  copyFrom(other: Random): void {
    this.#a = other.#a;
    this.#b = other.#b;
    this.#c = other.#c;
    this.#counter = other.#counter;
  }

  /** A float in [0, 1) with 32 random bits. */
  uniform(): number {
    return this.#next() / 4294967296;
  }

  /** A float in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** An integer in [0, count). */
  integer(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** A draw from the standard normal distribution (Box and Muller 1958). It takes two draws from the stream. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Shuffles `order` in place (Fisher and Yates 1938). */
  shuffle(order: Int32Array): void {
    for (let i = order.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}

/** The finalizer of MurmurHash3: every input bit affects every output bit. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
