import type { Random } from './random.ts';

/** Where a number is drawn from, in the words of ML-Agents. */
export type Sampler =
  | { readonly sampler: 'constant'; readonly value: number }
  /** evenly from [min, max) */
  | { readonly sampler: 'uniform'; readonly min: number; readonly max: number }
  /** normal; `deviation` is σ, not σ² */
  | { readonly sampler: 'gaussian'; readonly mean: number; readonly deviation: number }
  /** evenly from several stretches [low, high), each as likely as it is long */
  | { readonly sampler: 'multirangeuniform'; readonly intervals: readonly Interval[] };

export type Interval = readonly [low: number, high: number];

/** A number, or where to draw it from. */
export type ParameterValue = number | Sampler;

/** A parameter's number: a plain one and a constant cost no chance, so `random` stays where it is. */
export function drawValue(value: ParameterValue, random: Random): number {
  if (typeof value === 'number') return value;
  switch (value.sampler) {
    case 'constant':
      return value.value;
    case 'uniform':
      return random.between(value.min, value.max);
    case 'gaussian':
      return value.mean + value.deviation * random.normal();
    case 'multirangeuniform':
      return at(value.intervals, random.uniform());
  }
}

/** The number that lies at a share of the way through all intervals, laid end to end. */
function at(intervals: readonly Interval[], share: number): number {
  let left = share * intervals.reduce((sum, [low, high]) => sum + high - low, 0);
  for (const [low, high] of intervals) {
    if (left < high - low) return low + left;
    left -= high - low;
  }
  return intervals[intervals.length - 1][1]; // rounding took it past the last one
}
