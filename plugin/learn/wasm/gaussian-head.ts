import type { Samples } from '../samples.ts';
import type { HeadViews } from './workspace.ts';

/** ½·log 2π */
const HALF_LOG_TWO_PI = 0.9189385332046727;

/**
 * A policy's continuous actions: a diagonal Gaussian whose log σ does not depend on the observation.
 *
 *   log π(a|s) = Σᵢ −½zᵢ² − log σᵢ − ½ log 2π        zᵢ = (aᵢ − μᵢ)/σᵢ
 *   ∂ log π/∂μᵢ = zᵢ/σᵢ                               ∂ log π/∂ log σᵢ = zᵢ² − 1
 *   H = Σᵢ log σᵢ + ½ log 2πe                         ∂H/∂ log σᵢ = 1
 *   KL(π_old ‖ π) = Σᵢ log σᵢ/σ_oldᵢ + sᵢ/2 − ½       sᵢ = (σ_oldᵢ² + (μᵢ − μ_oldᵢ)²)/σᵢ²
 *   ∂KL/∂μᵢ = (μᵢ − μ_oldᵢ)/σᵢ²                       ∂KL/∂ log σᵢ = 1 − sᵢ
 */
export class GaussianHead {
  /** H in nats, the same for every row */
  entropy = 0;
  readonly #size: number;
  readonly #heads: HeadViews;
  readonly #column: number;
  readonly #logDeviation: Float32Array;
  /** [C] 1/σ */
  readonly #precision: Float64Array;
  /** [C] z of the latest row in logProb() */
  readonly #z: Float64Array;
  /** [C] Σ over rows of ∂L/∂ log σ */
  readonly #gradient: Float64Array;
  /** Σᵢ log σᵢ + ½ log 2π */
  #constant = 0;

  /**
   * @param column       where μ [C] begins in a row of `heads`
   * @param logDeviation [C] read by begin()
   */
  constructor(heads: HeadViews, column: number, logDeviation: Float32Array) {
    this.#size = logDeviation.length;
    this.#heads = heads;
    this.#column = column;
    this.#logDeviation = logDeviation;
    this.#precision = new Float64Array(this.#size);
    this.#z = new Float64Array(this.#size);
    this.#gradient = new Float64Array(this.#size);
  }

  /** Starts a minibatch. */
  begin(): void {
    let sum = 0;
    for (let i = 0; i < this.#size; i++) {
      sum += this.#logDeviation[i];
      this.#precision[i] = Math.exp(-this.#logDeviation[i]);
      this.#gradient[i] = 0;
    }
    this.#constant = sum + HALF_LOG_TWO_PI * this.#size;
    this.entropy = this.#constant + this.#size / 2;
  }

  /** log π of a sample's continuous actions; `row` holds its μ. */
  logProb(row: number, { continuousAction }: Samples, sample: number): number {
    const size = this.#size;
    const { outputs, output } = this.#heads;
    const from = row * outputs + this.#column;
    let squares = 0;
    for (let i = 0; i < size; i++) {
      const z = (continuousAction[sample * size + i] - output[from + i]) * this.#precision[i];
      this.#z[i] = z;
      squares += z * z;
    }
    return -0.5 * squares - this.#constant;
  }

  /** Writes ∂L/∂μ of the latest row in logProb(), from ∂L/∂ log π, and adds to the gradient of log σ. */
  differentiate(row: number, dLogProb: number): void {
    const { outputs, gradient } = this.#heads;
    const to = row * outputs + this.#column;
    for (let i = 0; i < this.#size; i++) {
      const z = this.#z[i];
      gradient[to + i] = dLogProb * z * this.#precision[i];
      this.#gradient[i] += dLogProb * (z * z - 1);
    }
  }

  /** KL(π_old ‖ π) of a sample; `row` holds its μ. Adds `weight` times its gradient to what differentiate() wrote. */
  addDivergence(row: number, { oldMean, oldLogDeviation }: Samples, sample: number, weight: number): number {
    const size = this.#size;
    const { outputs, output, gradient } = this.#heads;
    const at = row * outputs + this.#column;
    let divergence = 0;
    for (let i = 0; i < size; i++) {
      const precision = this.#precision[i];
      const shift = (output[at + i] - oldMean[sample * size + i]) * precision;
      const shrink = this.#logDeviation[i] - oldLogDeviation[sample * size + i];
      const spread = Math.exp(-2 * shrink) + shift * shift;
      divergence += shrink + (spread - 1) / 2;
      gradient[at + i] += weight * shift * precision;
      this.#gradient[i] += weight * (1 - spread);
    }
    return divergence;
  }

  /**
   * Ends a minibatch.
   *
   * @param dEntropy ∂L/∂H
   * @param out      [C] receives ∂L/∂ log σ
   */
  finish(dEntropy: number, out: Float32Array): void {
    for (let i = 0; i < this.#size; i++) out[i] = this.#gradient[i] + dEntropy;
  }
}
