import type { Rollout } from '../core/rollout.ts';
import { type Moments, RunningStatistics } from '../core/running-statistics.ts';
import { countActive } from './samples.ts';

/** An observed float that was held back because it would have drowned out the others in the normalizer. */
export interface Outlier {
  /** index in the observation */
  readonly index: number;
  /** the most extreme one of the update */
  readonly value: number;
  /** the index of its rollout in the request, and its entry [t, n] there */
  readonly rollout: number;
  readonly entry: number;
  /** number of samples in the update that are as far out */
  readonly count: number;
  /** where the other values are: most are within a few times `spread` of `center` */
  readonly center: number;
  readonly spread: number;
}

/** What an update's rollouts add to the observation statistics. */
export interface HeldObservations {
  readonly moments: Moments;
  readonly outliers: readonly Outlier[];
}

/** A value this many deviations from the usual ones is an outlier. */
const FAR = 30;
/** It counts as if it were this many deviations away. */
const HELD = 3;
/** If a larger share of an update's samples is far out, that is normal for the sensor. */
const MOST_SHARE = 1 / 8;
/** Values are held back only if they would make the deviation this many times larger. */
const HARM = 2;
/** If usual values differ by less than this, they count as constant, and nothing can drown them out; the spread is then reported as 1. */
const LEAST_DEVIATION = 1e-4;
/** If a share MOST_SHARE of the values is far out, the largest deviation from the mean is at least √(1/MOST_SHARE − 1) = 2.6. */
const LEAST_REACH = 2.6;
/** Number of values used for quartiles. */
const QUARTILE_VALUES = 511;

/**
 * The moments of an update's observations, with outliers held back. Running moments never forget: a single 1000 among ±2
 * would normalize all other values to almost nothing for the rest of the run. Returns `news` if there are no outliers.
 *
 * @param seen previous observations
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

/** The floats whose deviation jumps. */
function suspectsSince(seen: Moments, news: Moments): number[] {
  const merged = new RunningStatistics(news.mean.length, seen);
  merged.merge(news);
  return indicesOf(news, (i) => merged.deviation(i) > HARM * Math.sqrt(seen.squares[i] / seen.count));
}

/** The floats with values far from their mean, when nothing was known before. */
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

/** Statistics of one float: with all values of the update, with some held back, and about those. */
interface Examined {
  readonly mean: number;
  readonly squares: number;
  /** of the values */
  readonly furthest: number;
  readonly outlier: Pick<Outlier, 'value' | 'count' | 'center' | 'spread'>;
}

/**
 * Holds back the outliers among one float's values.
 *
 * @param values of the update; overwritten
 * @param seen   its earlier moments
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

/** The usual values: their median, and the larger of the earlier deviation and that of a normal distribution with the same quartiles. */
function usualOf(values: Float32Array, seen: Moments): { readonly center: number; readonly spread: number } {
  const stride = Math.ceil(values.length / QUARTILE_VALUES);
  const sorted = Float32Array.from({ length: Math.ceil(values.length / stride) }, (_, i) => values[i * stride]).sort();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))];
  const now = (at(0.75) - at(0.25)) / QUARTILES_APART;
  const before = seen.count > 0 ? Math.sqrt(seen.squares[0] / seen.count) : 0;
  return { center: at(0.5), spread: Math.max(now < LEAST_DEVIATION ? 1 : now, before) };
}

/** Distance between the quartiles of a normal distribution, in deviations. */
const QUARTILES_APART = 1.349;

/** Copies one float of every active observation. */
function takeColumn(rollouts: readonly Rollout[], size: number, index: number, out: Float32Array): void {
  let to = 0;
  for (const { active, observation } of rollouts)
    for (let entry = 0; entry < active.length; entry++)
      if (active[entry] === 1) out[to++] = observation[entry * size + index];
}

/** The rollout and entry of the active sample with this index. */
function placeOf(rollouts: readonly Rollout[], sample: number): Pick<Outlier, 'rollout' | 'entry'> {
  let left = sample;
  for (let rollout = 0; rollout < rollouts.length; rollout++) {
    const { active } = rollouts[rollout];
    for (let entry = 0; entry < active.length; entry++)
      if (active[entry] === 1 && left-- === 0) return { rollout, entry };
  }
  throw new RangeError(`No sample ${sample}.`);
}

function momentsOf({ count, mean, squares }: Moments, index: number): Moments {
  return { count, mean: mean.subarray(index, index + 1), squares: squares.subarray(index, index + 1) };
}
