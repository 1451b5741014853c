import { measureLayout } from '../core/layout.ts';
import type { Rollout } from '../core/rollout.ts';
import { ForwardPass } from '../policy/forward-pass.ts';
import { requireSlice, weightLayout } from '../policy/network.ts';
import type { PolicySpec } from '../policy/policy.ts';

/**
 * Measures how far a policy has moved from the one that acted: the exact KL(π_old ‖ π), in nats, averaged over the active
 * entries of rollouts. Formulas as in tfjs/ppo.ts, but computed on the host with the forward pass that acts.
 */
export class DivergenceMeter {
  /** M */
  readonly #choices: number;
  readonly #weights: Float32Array;
  readonly #pass: ForwardPass;
  readonly #logDeviation: number;

  constructor(spec: PolicySpec) {
    const sizes = measureLayout(spec.layout);
    const layout = weightLayout(sizes, spec.network);
    this.#choices = sizes.mask;
    this.#weights = new Float32Array(layout.size);
    this.#pass = new ForwardPass(sizes, spec.network, layout, spec.observationClip, this.#weights, true);
    this.#logDeviation = sizes.continuous > 0 ? requireSlice(layout, 'continuous.logDeviation').offset : 0;
  }

  /** @param weights [P] of π */
  measure(weights: Float32Array, rollouts: readonly Rollout[]): number {
    this.#weights.set(weights);
    this.#pass.refresh();
    let sum = 0;
    let count = 0;
    for (const rollout of rollouts) {
      const { active, observation, mask } = rollout;
      this.#pass.act(observation, active.length, mask);
      for (let row = 0; row < active.length; row++) {
        if (active[row] === 0) continue;
        sum += this.#gaussian(rollout, row) + this.#categorical(rollout, row);
        count++;
      }
    }
    return sum / count;
  }

  #gaussian({ mean, logDeviation }: Rollout, row: number): number {
    const size = logDeviation.length;
    let sum = 0;
    for (let i = 0; i < size; i++) {
      const now = this.#weights[this.#logDeviation + i];
      const shift = (this.#pass.mean[row * size + i] - mean[row * size + i]) * Math.exp(-now);
      const shrink = now - logDeviation[i];
      sum += shrink + (Math.exp(-2 * shrink) + shift * shift - 1) / 2;
    }
    return sum;
  }

  #categorical({ logProbs }: Rollout, row: number): number {
    const size = this.#choices;
    let sum = 0;
    for (let i = row * size; i < (row + 1) * size; i++) {
      if (logProbs[i] === -Infinity) continue;
      sum += Math.exp(logProbs[i]) * (logProbs[i] - this.#pass.logProbs[i]);
    }
    return sum;
  }
}
