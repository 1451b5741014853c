import * as tf from '@tensorflow/tfjs-core';
import { isPenalized, type LearnerSettings } from '../settings.ts';
import type { ActorCriticOutput } from './actor-critic.ts';
import {
  approximateKl,
  categoricalEntropy,
  categoricalKl,
  categoricalLogProb,
  categoricalLogProbs,
  clipFraction,
  gaussianEntropy,
  gaussianKl,
  gaussianLogProb,
  otherKlEstimates,
  penalizedLoss,
  policyGradientLoss,
  surrogateLoss,
  unclippedLoss,
  valueLoss,
} from './ppo.ts';

/** The samples of one gradient step. */
export interface MinibatchTensors {
  /** [B, O] normalized and clipped */
  readonly observation: tf.Tensor2D;
  /** [B, C] raw actions, if there are continuous ones */
  readonly continuousAction: tf.Tensor2D | undefined;
  /** [B, M] 1 for each branch's choice, if there are discrete actions */
  readonly choice: tf.Tensor2D | undefined;
  /** [B, M] 1 = allowed, if there are discrete actions */
  readonly mask: tf.Tensor2D | undefined;
  /** [B] log π_old(a|s) */
  readonly logProb: tf.Tensor1D;
  /** [B, C], [B, C] and [B, M] of π_old, if the objective needs them */
  readonly oldMean: tf.Tensor2D | undefined;
  readonly oldLogDeviation: tf.Tensor2D | undefined;
  readonly oldLogProbs: tf.Tensor2D | undefined;
  /** [B] Â, normalized if enabled */
  readonly advantage: tf.Tensor1D;
  /** [B] V_old(s), normalized like the network's */
  readonly value: tf.Tensor1D;
  /** [B] V_targ, normalized like the network's */
  readonly target: tf.Tensor1D;
}

/** The settings that the loss depends on. */
export type LossSettings = Pick<
  LearnerSettings,
  'objective' | 'clip' | 'valueClip' | 'entropyCoefficient' | 'valueCoefficient'
>;

/**
 * The objective of PPO, as a loss to minimize (Schulman et al. 2017, eq. 9); `settings.objective` selects L^π.
 *
 *   L = L^π + c₁·L^VF − c₂·H
 *
 * @param branches      [D] the number of choices of each branch
 * @param klCoefficient β of this update
 * @returns             loss [], and a report of its parts: the entries of REPORT except the last
 */
export function ppoLoss(
  output: ActorCriticOutput,
  batch: MinibatchTensors,
  settings: LossSettings,
  branches: readonly number[],
  klCoefficient: number,
): { readonly loss: tf.Scalar; readonly report: tf.Tensor1D } {
  return tf.tidy(() => {
    const { logProb, entropy, divergence } = evaluateActions(output, batch, branches);
    const policy = policyLoss(logProb, divergence, batch, settings, klCoefficient);
    const value = valueLoss(output.value, batch.value, batch.target, settings.valueClip);
    const regularised = tf.sub(policy, tf.mul(entropy, settings.entropyCoefficient));
    const loss = tf.add<tf.Scalar>(regularised, tf.mul(value, settings.valueCoefficient));
    const kl = approximateKl(logProb, batch.logProb);
    const clipped = clipFraction(logProb, batch.logProb, settings.clip);
    const report = tf.stack([policy, value, entropy, kl, clipped, ...otherKlEstimates(logProb, batch.logProb)]);
    return { loss, report: report as tf.Tensor1D };
  });
}

/** L^π [], the part of the loss that the objective is named after; `divergence` [B] if it charges for divergence. */
function policyLoss(
  logProb: tf.Tensor1D,
  divergence: tf.Tensor1D | undefined,
  { logProb: oldLogProb, advantage }: MinibatchTensors,
  { objective, clip }: LossSettings,
  klCoefficient: number,
): tf.Scalar {
  if (isPenalized(objective)) return penalizedLoss(logProb, oldLogProb, advantage, divergence!, klCoefficient);
  if (objective === 'policy-gradient') return policyGradientLoss(logProb, advantage);
  if (objective === 'unclipped') return unclippedLoss(logProb, oldLogProb, advantage);
  return surrogateLoss(logProb, oldLogProb, advantage, clip);
}

/**
 * How the current policy evaluates the actions that were taken.
 *
 * @returns logProb [B] log π(a|s) over all heads; entropy [] H, averaged over the batch; divergence [B] KL(π_old ‖ π) over
 *          all heads, if the batch has π_old
 */
export function evaluateActions(
  { mean, logDeviation, logits }: ActorCriticOutput,
  {
    continuousAction,
    choice,
    mask,
    oldMean,
    oldLogDeviation,
    oldLogProbs,
  }: Omit<MinibatchTensors, 'observation' | 'logProb' | 'advantage' | 'value' | 'target'>,
  branches: readonly number[],
): { readonly logProb: tf.Tensor1D; readonly entropy: tf.Scalar; readonly divergence: tf.Tensor1D | undefined } {
  const logProbs: tf.Tensor1D[] = [];
  const entropies: tf.Scalar[] = [];
  const divergences: tf.Tensor1D[] = [];
  if (mean && logDeviation && continuousAction) {
    logProbs.push(gaussianLogProb(continuousAction, mean, logDeviation));
    entropies.push(gaussianEntropy(logDeviation));
    if (oldMean && oldLogDeviation) divergences.push(gaussianKl(oldMean, oldLogDeviation, mean, logDeviation));
  }
  if (logits && choice && mask) {
    const all = categoricalLogProbs(logits, mask, branches);
    logProbs.push(categoricalLogProb(all, choice));
    entropies.push(tf.mean(categoricalEntropy(all)));
    if (oldLogProbs) divergences.push(categoricalKl(oldLogProbs, all));
  }
  return {
    logProb: sum(logProbs),
    entropy: sum(entropies),
    divergence: divergences.length > 0 ? sum(divergences) : undefined,
  };
}

function sum<T extends tf.Tensor>(terms: readonly T[]): T {
  return terms.reduce((total, term) => tf.add<T>(total, term));
}
