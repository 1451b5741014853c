/** Count, mean and sum of squared deviations of `size` quantities, as plain numbers for files and other threads. */
export interface Moments {
  readonly count: number;
  /** [size] */
  readonly mean: Float64Array;
  /** [size] Σ (x − mean)² */
  readonly squares: Float64Array;
}

/** Mean and variance of all vectors seen so far, mergeable across workers (Chan, Golub and LeVeque 1979). */
export class RunningStatistics {
  readonly size: number;
  #count = 0;
  readonly #mean: Float64Array;
  readonly #squares: Float64Array;

  constructor(size: number, moments?: Moments) {
    this.size = size;
    this.#mean = new Float64Array(size);
    this.#squares = new Float64Array(size);
    if (moments) this.merge(moments);
  }

  get count(): number {
    return this.#count;
  }

  mean(index: number): number {
    return this.#mean[index];
  }

  /** √(variance), divided by the count, not by count − 1. */
  deviation(index: number): number {
    return this.#count === 0 ? 1 : Math.sqrt(this.#squares[index] / this.#count);
  }

  /** Adds one vector `values[offset … offset + size)` (Welford 1962). */
  add(values: ArrayLike<number>, offset = 0): void {
    this.#count++;
    for (let i = 0; i < this.size; i++) {
      const delta = values[offset + i] - this.#mean[i];
      this.#mean[i] += delta / this.#count;
      this.#squares[i] += delta * (values[offset + i] - this.#mean[i]);
    }
  }

  /** Merges what other statistics have seen. */
  merge({ count, mean, squares }: Moments): void {
    if (count === 0) return;
    const total = this.#count + count;
    for (let i = 0; i < this.size; i++) {
      const delta = mean[i] - this.#mean[i];
      this.#squares[i] += squares[i] + (delta * delta * this.#count * count) / total;
      this.#mean[i] += (delta * count) / total;
    }
    this.#count = total;
  }

  /** Caps the count at `most` vectors, so that new ones weigh more. */
  forget(most: number): void {
    if (this.#count <= most) return;
    for (let i = 0; i < this.size; i++) this.#squares[i] *= most / this.#count;
    this.#count = most;
  }

  /** A copy of the statistics. */
  moments(): Moments {
    return { count: this.#count, mean: this.#mean.slice(), squares: this.#squares.slice() };
  }

  clear(): void {
    this.#count = 0;
    this.#mean.fill(0);
    this.#squares.fill(0);
  }
}
