import { type Moments, RunningStatistics } from '../core/running-statistics.ts';
import { denseLayer, requireSlice, type WeightLayout } from '../policy/network.ts';
import type { Samples } from './samples.ts';

/** Minimum deviation of an observation, so that a constant one does not explode when it first changes. */
const LEAST_OBSERVATION_DEVIATION = 1e-4;
/** The same as a share of the mean: smaller differences are float32 rounding. */
const LEAST_OBSERVATION_SHARE = 1e-5;
/** How many rollouts' targets the value normalizer remembers, so that it follows a scale that grows with the policy. */
const ROLLOUTS_REMEMBERED = 10;
const LEAST_VALUE_SHARE = 1e-3;
const LEAST_VALUE_DEVIATION = 1e-8;

/** A scale: normalized = (x − mean) / deviation. */
export interface Scale {
  readonly mean: number;
  readonly deviation: number;
}

/** Merges new observations into `seen`, and writes mean and deviation into the normalizer in `weights`. */
export function followObservations(seen: Moments, news: Moments, layout: WeightLayout, weights: Float32Array): Moments {
  const mean = requireSlice(layout, 'normalizer.mean');
  const deviation = requireSlice(layout, 'normalizer.deviation');
  const statistics = new RunningStatistics(mean.size, seen);
  statistics.merge(news);
  if (statistics.count === 0) return seen;
  for (let i = 0; i < mean.size; i++) {
    const least = Math.max(LEAST_OBSERVATION_DEVIATION, LEAST_OBSERVATION_SHARE * Math.abs(statistics.mean(i)));
    weights[mean.offset + i] = statistics.mean(i);
    weights[deviation.offset + i] = Math.max(least, statistics.deviation(i));
  }
  return statistics.moments();
}

/**
 * Merges value targets into `seen`, forgetting all but about ten rollouts' worth.
 *
 * The scale's deviation is that of the targets, but at least the root mean square error of the values. Otherwise (nearly)
 * constant targets would blow up that error and drown the policy's gradient.
 *
 * @returns what has been seen so far, and the scale in float32 numbers
 */
export function followTargets(
  seen: Moments,
  { count, target, value }: Samples,
): { readonly moments: Moments; readonly scale: Scale } {
  const statistics = new RunningStatistics(1, seen);
  statistics.forget((ROLLOUTS_REMEMBERED - 1) * count);
  const news = new RunningStatistics(1);
  let squaredError = 0;
  for (let i = 0; i < count; i++) {
    news.add(target, i);
    squaredError += (target[i] - value[i]) ** 2;
  }
  statistics.merge(news.moments());
  const mean = Math.fround(statistics.mean(0));
  const error = Math.sqrt(squaredError / count);
  const deviation = Math.max(statistics.deviation(0), error, LEAST_VALUE_SHARE * Math.abs(mean), LEAST_VALUE_DEVIATION);
  return { moments: statistics.moments(), scale: { mean, deviation: Math.fround(deviation) } };
}

/** The scale of the value head. */
export function valueScale(layout: WeightLayout, weights: Float32Array): Scale {
  return {
    mean: weights[requireSlice(layout, 'value.mean').offset],
    deviation: weights[requireSlice(layout, 'value.deviation').offset],
  };
}

/**
 * Changes the value head's scale in place, and adjusts its weights and bias so that the value V = σ·(w·h + b) + μ of every
 * observation stays the same (PopArt; van Hasselt et al. 2016, eq. 4).
 *
 *   w′ = σ/σ′ · w        b′ = (σ·b + μ − μ′) / σ′
 */
export function rescaleValueHead(layout: WeightLayout, weights: Float32Array, to: Scale): void {
  const from = valueScale(layout, weights);
  const { weight, bias, inputs } = denseLayer(layout, 'value');
  for (let i = weight; i < weight + inputs; i++) weights[i] *= from.deviation / to.deviation;
  weights[bias] = (from.deviation * weights[bias] + from.mean - to.mean) / to.deviation;
  weights[requireSlice(layout, 'value.mean').offset] = to.mean;
  weights[requireSlice(layout, 'value.deviation').offset] = to.deviation;
}

/** (x − mean) / deviation in place. */
export function applyScale({ mean, deviation }: Scale, values: Float32Array): void {
  for (let i = 0; i < values.length; i++) values[i] = (values[i] - mean) / deviation;
}
