import { type LearnerContext, REPORT } from '../engine.ts';
import type { Samples } from '../samples.ts';
import { isPenalized, type LearnerSettings } from '../settings.ts';
import { CategoricalHead } from './categorical-head.ts';
import { GaussianHead } from './gaussian-head.ts';
import { SURROGATES, type Surrogate } from './surrogate.ts';
import type { HeadViews, LearnerWorkspace } from './workspace.ts';

const [POLICY_LOSS, VALUE_LOSS, ENTROPY, K3, CLIPPED, K1, K2] = REPORT.keys();

/** The rows of one gradient step. */
export interface MinibatchRows {
  /** [B] the sample of each row */
  readonly sample: Int32Array;
  /** [B] Â, normalized if enabled */
  readonly advantage: Float32Array;
}

/**
 * PPO's loss L = L^π + c₁·L^VF − c₂·H (Schulman et al. 2017, eq. 9) and its gradient at the network's heads, row by row in
 * float64: begin(), addRows() for every chunk of the minibatch, finish(). It has the equations and names of
 * ../tfjs/ppo.ts, and must agree with it.
 */
export class Objective {
  /** [REPORT] after finish() the entries of REPORT, except the gradient's norm, which is unknown here */
  readonly report = new Float64Array(REPORT.length);
  readonly #settings: LearnerSettings;
  readonly #surrogate: Surrogate;
  readonly #penalized: boolean;
  readonly #gaussian: GaussianHead | undefined;
  readonly #categorical: CategoricalHead | undefined;
  readonly #value: HeadViews;
  readonly #valueColumn: number;
  readonly #deviationGradient: Float32Array;
  /** B */
  #count = 0;
  /** β */
  #klCoefficient = 0;

  constructor({ settings, sizes }: LearnerContext, { packing, heads, weights, gradient }: LearnerWorkspace) {
    const { columns, logDeviation } = packing;
    const deviations = (values: Float32Array) => values.subarray(logDeviation, logDeviation + sizes.continuous);
    this.#settings = settings;
    this.#surrogate = SURROGATES[settings.objective];
    this.#penalized = isPenalized(settings.objective);
    if (sizes.continuous > 0) this.#gaussian = new GaussianHead(heads[0], columns.mean, deviations(weights));
    if (sizes.mask > 0) this.#categorical = new CategoricalHead(heads[0], columns.logits, sizes.branches);
    this.#value = heads[heads.length - 1];
    this.#valueColumn = columns.value;
    this.#deviationGradient = deviations(gradient);
  }

  /** Starts a minibatch, in which each nat of divergence costs `klCoefficient`. */
  begin(minibatch: MinibatchRows, klCoefficient: number): void {
    this.#count = minibatch.sample.length;
    this.#klCoefficient = klCoefficient;
    this.report.fill(0);
    this.#gaussian?.begin();
  }

  /**
   * Adds rows of the heads, and writes the loss gradient into them.
   *
   * @param first the minibatch index of row 0
   */
  addRows(samples: Samples, minibatch: MinibatchRows, first: number, rows: number): void {
    for (let row = 0; row < rows; row++) {
      const sample = minibatch.sample[first + row];
      this.#addPolicy(row, samples, sample, minibatch.advantage[first + row]);
      this.#addValue(row, samples.value[sample], samples.target[sample]);
    }
  }

  /** Ends a minibatch: writes the gradient of log σ. */
  finish(): void {
    this.#gaussian?.finish(-this.#settings.entropyCoefficient, this.#deviationGradient);
    for (let i = 0; i < this.report.length; i++) this.report[i] /= this.#count;
    this.report[ENTROPY] += this.#gaussian?.entropy ?? 0;
  }

  #addPolicy(row: number, samples: Samples, sample: number, advantage: number): void {
    const { clip, entropyCoefficient } = this.#settings;
    let logProb = 0;
    if (this.#gaussian) logProb += this.#gaussian.logProb(row, samples, sample);
    if (this.#categorical) logProb += this.#categorical.logProb(row, samples, sample);
    const logRatio = logProb - samples.logProb[sample];
    const ratio = Math.exp(logRatio);
    const dLogProb = this.#surrogate.slope(ratio, advantage, clip) / this.#count;
    this.report[POLICY_LOSS] += this.#surrogate.loss(logProb, ratio, advantage, clip);
    this.report[K1] -= logRatio;
    this.report[K2] += (logRatio * logRatio) / 2;
    this.report[K3] += Math.expm1(logRatio) - logRatio;
    if (Math.abs(ratio - 1) > clip) this.report[CLIPPED]++;
    this.#gaussian?.differentiate(row, dLogProb);
    if (this.#categorical) {
      this.report[ENTROPY] += this.#categorical.entropy();
      this.#categorical.differentiate(row, dLogProb, -entropyCoefficient / this.#count);
    }
    if (this.#penalized) this.#addPenalty(row, samples, sample);
  }

  /** β·KL(π_old ‖ π) (eq. 8) */
  #addPenalty(row: number, samples: Samples, sample: number): void {
    const weight = this.#klCoefficient / this.#count;
    let divergence = 0;
    if (this.#gaussian) divergence += this.#gaussian.addDivergence(row, samples, sample, weight);
    if (this.#categorical) divergence += this.#categorical.addDivergence(row, samples, sample, weight);
    this.report[POLICY_LOSS] += this.#klCoefficient * divergence;
  }

  /**
   * (V − V_targ)², or with a clip c (V_old + clip(V − V_old, −c, c) − V_targ)² if that is larger; V does not change the latter
   * while the clip is active.
   */
  #addValue(row: number, oldValue: number, target: number): void {
    const { valueClip, valueCoefficient } = this.#settings;
    const { outputs, output, gradient } = this.#value;
    const at = row * outputs + this.#valueColumn;
    const value = output[at];
    let loss = (value - target) ** 2;
    let slope = 2 * (value - target);
    if (valueClip > 0 && Math.abs(value - oldValue) > valueClip) {
      const held = oldValue + Math.sign(value - oldValue) * valueClip;
      if ((held - target) ** 2 > loss) {
        loss = (held - target) ** 2;
        slope = 0;
      }
    }
    this.report[VALUE_LOSS] += loss;
    gradient[at] = (valueCoefficient * slope) / this.#count;
  }
}
