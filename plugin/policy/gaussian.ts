import type { Random } from '../core/random.ts';

/** ½·log 2π */
const HALF_LOG_TWO_PI = 0.9189385332046727;

/**
 * The log density of a diagonal Gaussian.
 *
 *   log π(a|s) = Σᵢ −½((aᵢ − μᵢ)/σᵢ)² − log σᵢ − ½ log 2π
 *
 * @param action    entries [at, at + size)
 * @param mean      entries [meanAt, meanAt + size)
 * @param logDeviation log σ, entries [deviationAt, deviationAt + size)
 */
export function gaussianLogProb(
  action: Float32Array,
  at: number,
  mean: Float32Array,
  meanAt: number,
  logDeviation: Float32Array,
  deviationAt: number,
  size: number,
): number {
  let sum = 0;
  for (let i = 0; i < size; i++) {
    const log = logDeviation[deviationAt + i];
    const z = (action[at + i] - mean[meanAt + i]) * Math.exp(-log);
    sum -= 0.5 * z * z + log + HALF_LOG_TWO_PI;
  }
  return sum;
}

/** Draws a ~ N(μ, σ²) into `action[at … at + size)`. */
export function sampleGaussian(
  action: Float32Array,
  at: number,
  mean: Float32Array,
  meanAt: number,
  logDeviation: Float32Array,
  deviationAt: number,
  size: number,
  random: Random,
): void {
  for (let i = 0; i < size; i++)
    action[at + i] = mean[meanAt + i] + Math.exp(logDeviation[deviationAt + i]) * random.normal();
}

/** H = Σᵢ log σᵢ + ½ log 2πe, in nats. */
export function gaussianEntropy(logDeviation: Float32Array): number {
  return logDeviation.reduce((sum, log) => sum + log + HALF_LOG_TWO_PI + 0.5, 0);
}
