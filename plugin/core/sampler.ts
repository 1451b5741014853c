import type { Random } from './random.ts';

/** How to draw a number, with ML-Agents' names. */
export type Sampler =
  | {
      /** always `value` */
      readonly sampler: 'constant';
      /** the number */
      readonly value: number;
    }
  | {
      /** uniform in [min, max) */
      readonly sampler: 'uniform';
      /** lowest number */
      readonly min: number;
      /** upper bound, excluded */
      readonly max: number;
    }
  | {
      /** normal distribution */
      readonly sampler: 'gaussian';
      /** its center */
      readonly mean: number;
      /** σ, not σ² */
      readonly deviation: number;
    }
  | {
      /** uniform over several intervals, each as likely as it is long */
      readonly sampler: 'multirangeuniform';
      /** in any order */
      readonly intervals: readonly Interval[];
    };

/** A half-open interval [low, high). */
export type Interval = readonly [low: number, high: number];

/** A number, or how to draw it. */
export type ParameterValue = number | Sampler;

/** Draws a parameter's number. Plain numbers and constants leave `random` untouched. */
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

/** The number at a share of the way through all intervals, laid end to end. */
function at(intervals: readonly Interval[], share: number): number {
  let left = share * intervals.reduce((sum, [low, high]) => sum + high - low, 0);
  for (const [low, high] of intervals) {
    if (left < high - low) return low + left;
    left -= high - low;
  }
  return intervals[intervals.length - 1][1]; // rounding went past the end
}
