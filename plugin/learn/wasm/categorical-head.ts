import type { Samples } from '../samples.ts';
import type { HeadViews } from './workspace.ts';

/**
 * A policy's branches of discrete actions: in each one a softmax over the allowed choices. Masked choices have probability
 * 0 and no gradient.
 *
 *   pⱼ = exp(lⱼ)/Σₖ exp(lₖ)          log π(a|s) = Σ over branches of log p of the choice
 *   ∂ log π/∂lⱼ = [j chosen] − pⱼ
 *   H = −Σ pⱼ log pⱼ                  ∂H/∂lⱼ = −pⱼ·(log pⱼ + H of the branch)
 *   KL(π_old ‖ π) = Σ qⱼ·(log qⱼ − log pⱼ), q being π_old's        ∂KL/∂lⱼ = pⱼ − qⱼ
 */
export class CategoricalHead {
  readonly #branches: readonly number[];
  readonly #size: number;
  readonly #heads: HeadViews;
  readonly #column: number;
  /** [M] of the latest row in logProb(), 0 where masked; the same goes for the next two */
  readonly #probability: Float64Array;
  readonly #logProbability: Float64Array;
  /** [M] 1 where chosen */
  readonly #choice: Float64Array;
  /** [D] */
  readonly #entropy: Float64Array;

  /**
   * @param column   where the logits [M] begin in a row of `heads`
   * @param branches [D] the number of choices of each branch; they add up to M
   */
  constructor(heads: HeadViews, column: number, branches: readonly number[]) {
    this.#branches = branches;
    this.#size = branches.reduce((sum, choices) => sum + choices, 0);
    this.#heads = heads;
    this.#column = column;
    this.#probability = new Float64Array(this.#size);
    this.#logProbability = new Float64Array(this.#size);
    this.#choice = new Float64Array(this.#size);
    this.#entropy = new Float64Array(branches.length);
  }

  /** log π of a sample's discrete actions; `row` holds its logits. */
  logProb(row: number, { mask, choice }: Samples, sample: number): number {
    const chosen = this.#choice;
    const logits = row * this.#heads.outputs + this.#column;
    const columns = sample * this.#size;
    let logProb = 0;
    for (let branch = 0, at = 0; branch < this.#branches.length; branch++) {
      const from = at;
      at += this.#branches[branch];
      this.#entropy[branch] = this.#softmax(from, at, logits, mask, columns);
      for (let i = from; i < at; i++) {
        chosen[i] = choice[columns + i];
        if (chosen[i] === 1) logProb += this.#logProbability[i];
      }
    }
    return logProb;
  }

  /** H in nats of the latest row in logProb(), over all branches. */
  entropy(): number {
    let sum = 0;
    for (let branch = 0; branch < this.#entropy.length; branch++) sum += this.#entropy[branch];
    return sum;
  }

  /** Writes ∂L/∂l of the latest row in logProb(), from ∂L/∂ log π and ∂L/∂H. */
  differentiate(row: number, dLogProb: number, dEntropy: number): void {
    const [p, logP, chosen] = [this.#probability, this.#logProbability, this.#choice];
    const { outputs, gradient } = this.#heads;
    const to = row * outputs + this.#column;
    for (let branch = 0, i = 0; branch < this.#branches.length; branch++) {
      const entropy = this.#entropy[branch];
      for (const end = i + this.#branches[branch]; i < end; i++)
        gradient[to + i] = dLogProb * (chosen[i] - p[i]) - dEntropy * p[i] * (logP[i] + entropy);
    }
  }

  /** KL(π_old ‖ π) of the latest sample in logProb(); adds `weight` times its gradient to what differentiate() wrote. */
  addDivergence(row: number, { oldLogProbs }: Samples, sample: number, weight: number): number {
    const { outputs, gradient } = this.#heads;
    const to = row * outputs + this.#column;
    let divergence = 0;
    for (let i = 0; i < this.#size; i++) {
      const old = oldLogProbs[sample * this.#size + i];
      const q = Math.exp(old); // 0 where masked, like p
      divergence += q * (old - this.#logProbability[i]);
      gradient[to + i] += weight * (this.#probability[i] - q);
    }
    return divergence;
  }

  /** The softmax of a row's logits `from` to `end`; returns its entropy. */
  #softmax(from: number, end: number, logits: number, mask: Float32Array, masks: number): number {
    const [p, logP] = [this.#probability, this.#logProbability];
    const { output } = this.#heads;
    let most = -Infinity;
    for (let i = from; i < end; i++) if (mask[masks + i] === 1 && output[logits + i] > most) most = output[logits + i];
    let total = 0;
    for (let i = from; i < end; i++) {
      p[i] = mask[masks + i] === 1 ? Math.exp(output[logits + i] - most) : 0;
      total += p[i];
    }
    const logTotal = most + Math.log(total);
    let entropy = 0;
    for (let i = from; i < end; i++) {
      p[i] /= total;
      logP[i] = mask[masks + i] === 1 ? output[logits + i] - logTotal : 0;
      entropy -= p[i] * logP[i];
    }
    return entropy;
  }
}
