import * as tf from '@tensorflow/tfjs-core';
import type { LearnerSettings } from '../settings.ts';
import type { ActorCriticOutput } from './actor-critic.ts';
import {
  approximateKl,
  categoricalEntropy,
  categoricalLogProb,
  categoricalLogProbs,
  clipFraction,
  gaussianEntropy,
  gaussianLogProb,
  surrogateLoss,
  valueLoss,
} from './ppo.ts';

/** The samples of one gradient step. */
export interface Minibatch {
  /** [B, O] normalised and clipped */
  readonly observation: tf.Tensor2D;
  /** [B, C] raw actions, where there are continuous ones */
  readonly continuousAction: tf.Tensor2D | undefined;
  /** [B, M] 1 where a branch's choice was taken, where there are discrete actions */
  readonly choice: tf.Tensor2D | undefined;
  /** [B, M] 1 = allowed, where there are discrete actions */
  readonly mask: tf.Tensor2D | undefined;
  /** [B] log π_old(a|s) */
  readonly logProb: tf.Tensor1D;
  /** [B] Â, normalised if it is to be */
  readonly advantage: tf.Tensor1D;
  /** [B] V_old(s), normalised like the network's */
  readonly value: tf.Tensor1D;
  /** [B] V_targ, normalised like the network's */
  readonly target: tf.Tensor1D;
}

/**
 * The objective of PPO, as a loss to minimise (Schulman et al. 2017, eq. 9).
 *
 *   L = L^CLIP + c₁·L^VF − c₂·H
 *
 * @param branches [D] the number of choices of each branch
 * @returns        loss [], and a report [5] of its parts: the entries of REPORT but the last
 */
export function ppoLoss(
  output: ActorCriticOutput,
  batch: Minibatch,
  settings: Pick<LearnerSettings, 'clip' | 'valueClip' | 'entropyCoefficient' | 'valueCoefficient'>,
  branches: readonly number[],
): { readonly loss: tf.Scalar; readonly report: tf.Tensor1D } {
  return tf.tidy(() => {
    const { logProb, entropy } = evaluateActions(output, batch, branches);
    const policy = surrogateLoss(logProb, batch.logProb, batch.advantage, settings.clip);
    const value = valueLoss(output.value, batch.value, batch.target, settings.valueClip);
    const regularised = tf.sub(policy, tf.mul(entropy, settings.entropyCoefficient));
    const loss = tf.add<tf.Scalar>(regularised, tf.mul(value, settings.valueCoefficient));
    const kl = approximateKl(logProb, batch.logProb);
    const report = tf.stack([policy, value, entropy, kl, clipFraction(logProb, batch.logProb, settings.clip)]);
    return { loss, report: report as tf.Tensor1D };
  });
}

/**
 * What the policy now thinks of the actions that were taken.
 *
 * @returns logProb [B] log π(a|s) over all heads; entropy [] H, the mean over the batch
 */
export function evaluateActions(
  { mean, logDeviation, logits }: ActorCriticOutput,
  { continuousAction, choice, mask }: Pick<Minibatch, 'continuousAction' | 'choice' | 'mask'>,
  branches: readonly number[],
): { readonly logProb: tf.Tensor1D; readonly entropy: tf.Scalar } {
  const logProbs: tf.Tensor1D[] = [];
  const entropies: tf.Scalar[] = [];
  if (mean && logDeviation && continuousAction) {
    logProbs.push(gaussianLogProb(continuousAction, mean, logDeviation));
    entropies.push(gaussianEntropy(logDeviation));
  }
  if (logits && choice && mask) {
    const all = categoricalLogProbs(logits, mask, branches);
    logProbs.push(categoricalLogProb(all, choice));
    entropies.push(tf.mean(categoricalEntropy(all)));
  }
  return {
    logProb: logProbs.reduce((sum, term) => tf.add(sum, term)),
    entropy: entropies.reduce((sum, term) => tf.add(sum, term)),
  };
}
