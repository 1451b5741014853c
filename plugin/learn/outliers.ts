import type { Rollout } from '../core/rollout.ts';
import { type Moments, RunningStatistics } from '../core/running-statistics.ts';
import { countActive } from './samples.ts';

/** A float of the observation that was held back because it would have drowned the others in the normalizer. */
export interface Outlier {
  /** which float of the observation */
  readonly index: number;
  /** the furthest one of the update */
  readonly value: number;
  /** the rollout of the request that it is in, and its entry [t, n] there */
  readonly rollout: number;
  readonly entry: number;
  /** how many samples of the update are as far out */
  readonly count: number;
  /** where the other values are: most of them within a few times `spread` of `center` */
  readonly center: number;
  readonly spread: number;
}

/** What an update's rollouts add to the statistics of observations. */
export interface HeldObservations {
  readonly moments: Moments;
  readonly outliers: readonly Outlier[];
}

/** A value this many deviations from the usual ones is far out. */
const FAR = 30;
/** It counts as if it were only this far. */
const HELD = 3;
/** Where a larger share of an update's samples is far out, that is how the sensor is. */
const MOST_SHARE = 1 / 8;
/** Values are held back only where they would make the deviation this many times what it is without them. */
const HARM = 2;
/** Usual values that differ less than this are taken for a constant, which nothing can drown; what is far out is then told in units of 1. */
const LEAST_DEVIATION = 1e-4;
/** The greatest deviation from the mean among values of which MOST_SHARE are far out is at least √(1/MOST_SHARE − 1) = 2.6. */
const LEAST_REACH = 2.6;
/** Values that quartiles are taken of. */
const QUARTILE_VALUES = 511;

/**
 * Takes the moments of an update's observations, with outliers held back. Running moments never forget: a single 1000 among
 * ±2 would have all other values normalized to almost nothing for the rest of the run. Without outliers `news` is returned.
 *
 * @param seen what was observed before
 * @param news moments of the active observations of `rollouts`
 */
export function holdOutliers(seen: Moments, news: Moments, rollouts: readonly Rollout[]): HeldObservations {
  const suspects = seen.count === 0 ? suspectsAtFirst(news, rollouts) : suspectsSince(seen, news);
  if (suspects.length === 0) return { moments: news, outliers: [] };
  const moments = { count: news.count, mean: news.mean.slice(), squares: news.squares.slice() };
  const values = new Float32Array(countActive(rollouts));
  const outliers: Outlier[] = [];
  for (const index of suspects) {
    takeColumn(rollouts, news.mean.length, index, values);
    const held = examine(values, momentsOf(seen, index));
    if (!held) continue;
    moments.mean[index] = held.mean;
    moments.squares[index] = held.squares;
    outliers.push({ index, ...held.outlier, ...placeOf(rollouts, held.furthest) });
  }
  return outliers.length === 0 ? { moments: news, outliers } : { moments, outliers };
}

/** The floats whose deviation leaps. */
function suspectsSince(seen: Moments, news: Moments): number[] {
  const merged = new RunningStatistics(news.mean.length, seen);
  merged.merge(news);
  return indicesOf(news, (i) => merged.deviation(i) > HARM * Math.sqrt(seen.squares[i] / seen.count));
}

/** The floats that have values far from their mean, of which nothing is known yet. */
function suspectsAtFirst(news: Moments, rollouts: readonly Rollout[]): number[] {
  const { mean, squares, count } = news;
  const size = mean.length;
  const reach = new Float64Array(size);
  for (const { active, observation } of rollouts) {
    for (let entry = 0; entry < active.length; entry++) {
      if (active[entry] === 0) continue;
      for (let i = 0; i < size; i++) reach[i] = Math.max(reach[i], Math.abs(observation[entry * size + i] - mean[i]));
    }
  }
  return indicesOf(news, (i) => reach[i] > LEAST_REACH * Math.sqrt(squares[i] / count));
}

function indicesOf({ mean }: Moments, is: (index: number) => boolean): number[] {
  const found: number[] = [];
  for (let i = 0; i < mean.length; i++) if (is(i)) found.push(i);
  return found;
}

/** What is known of one float: with its values of the update, with those held back, and about them. */
interface Examined {
  readonly mean: number;
  readonly squares: number;
  /** of the values */
  readonly furthest: number;
  readonly outlier: Pick<Outlier, 'value' | 'count' | 'center' | 'spread'>;
}

/**
 * Holds back what is far out among one float's values.
 *
 * @param values of the update; overwritten
 * @param seen   its moments before
 */
function examine(values: Float32Array, seen: Moments): Examined | undefined {
  const { center, spread } = usualOf(values, seen);
  const known = seen.count > 0 ? seen.mean[0] : center;
  const distance = (value: number) => Math.min(Math.abs(value - center), Math.abs(value - known));
  let count = 0;
  let furthest = 0;
  for (let i = 0; i < values.length; i++) {
    if (distance(values[i]) > FAR * spread) count++;
    if (distance(values[i]) > distance(values[furthest])) furthest = i;
  }
  if (count === 0 || count > MOST_SHARE * values.length) return undefined;
  const all = new RunningStatistics(1, seen);
  const usual = new RunningStatistics(1, seen);
  for (let i = 0; i < values.length; i++) {
    all.add(values, i);
    if (distance(values[i]) <= FAR * spread) usual.add(values, i);
  }
  if (all.deviation(0) <= HARM * usual.deviation(0)) return undefined;
  const value = values[furthest];
  const held = new RunningStatistics(1);
  for (let i = 0; i < values.length; i++) {
    if (distance(values[i]) > FAR * spread) values[i] = center + Math.sign(values[i] - center) * HELD * spread;
    held.add(values, i);
  }
  const { mean, squares } = held.moments();
  return { mean: mean[0], squares: squares[0], furthest, outlier: { value, count, center, spread } };
}

/** Where values usually are: their median, and the greater of the deviation before and that of a normal distribution with their quartiles. */
function usualOf(values: Float32Array, seen: Moments): { readonly center: number; readonly spread: number } {
  const stride = Math.ceil(values.length / QUARTILE_VALUES);
  const sorted = Float32Array.from({ length: Math.ceil(values.length / stride) }, (_, i) => values[i * stride]).sort();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))];
  const now = (at(0.75) - at(0.25)) / QUARTILES_APART;
  const before = seen.count > 0 ? Math.sqrt(seen.squares[0] / seen.count) : 0;
  return { center: at(0.5), spread: Math.max(now < LEAST_DEVIATION ? 1 : now, before) };
}

/** Deviations between the quartiles of a normal distribution. */
const QUARTILES_APART = 1.349;

/** Copies one float of every active observation. */
function takeColumn(rollouts: readonly Rollout[], size: number, index: number, out: Float32Array): void {
  let to = 0;
  for (const { active, observation } of rollouts)
    for (let entry = 0; entry < active.length; entry++)
      if (active[entry] === 1) out[to++] = observation[entry * size + index];
}

/** Where the active entry with a number stands. */
function placeOf(rollouts: readonly Rollout[], sample: number): Pick<Outlier, 'rollout' | 'entry'> {
  let left = sample;
  for (let rollout = 0; rollout < rollouts.length; rollout++) {
    const { active } = rollouts[rollout];
    for (let entry = 0; entry < active.length; entry++)
      if (active[entry] === 1 && left-- === 0) return { rollout, entry };
  }
  throw new RangeError(`There is no sample ${sample}.`);
}

function momentsOf({ count, mean, squares }: Moments, index: number): Moments {
  return { count, mean: mean.subarray(index, index + 1), squares: squares.subarray(index, index + 1) };
}
