import { median } from './median.ts';

/** One of several ways to do the same work; it may return the ms that count, where only part of what it does is to be timed. */
export type Variant = () => void | number | Promise<void>;

export interface InterleaveOptions {
  /** about how long all of it may take */
  readonly seconds: number;
  /** rounds that do not count */
  readonly warmUp?: number;
  /** rounds that count, at least */
  readonly least?: number;
}

/**
 * Runs the variants one after another, again and again, so that a machine whose speed drifts slows all of them alike.
 *
 * @returns ms of one run of each variant, medians
 */
export async function interleave<Name extends string>(
  variants: Readonly<Record<Name, Variant>>,
  { seconds, warmUp = 3, least = 5 }: InterleaveOptions,
): Promise<Readonly<Record<Name, number>>> {
  const names = Object.keys(variants) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  const began = performance.now();
  for (let round = 0; round < warmUp + least || performance.now() - began < seconds * 1000; round++) {
    for (const name of names) {
      const start = performance.now();
      const counted = await variants[name]();
      if (round >= warmUp) times.get(name)!.push(counted ?? performance.now() - start);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name)!)])) as Record<Name, number>;
}
