import * as tf from '@tensorflow/tfjs-core';
import { ADAM, RATE_RANGE } from '../engine.ts';

const { beta1: BETA1, beta2: BETA2, epsilon: EPSILON } = ADAM;
const [LEAST_RATE, MOST_RATE] = RATE_RANGE;
/** About the largest float32. */
const GREATEST = 3.4e38;

/** What Adam updates; all of one length. */
export type AdamTensors = {
  readonly weights: tf.Tensor1D;
  readonly firstMoment: tf.Tensor1D;
  readonly secondMoment: tf.Tensor1D;
};

/**
 * One step of Adam on a flat vector (Kingma and Ba 2015, algorithm 1).
 *
 *   m ← β₁·m + (1−β₁)·g          β₁ = 0.9
 *   v ← β₂·v + (1−β₂)·g²         β₂ = 0.999
 *   θ ← θ − α·m̂ / (√v̂ + ε)       m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ), ε = 1e-5
 *
 * @param gradient     [P] g
 * @param learningRate [] α
 * @param step         t, from 1
 * @returns            new tensors; the old ones are not disposed
 */
export function adamStep(
  { weights, firstMoment, secondMoment }: AdamTensors,
  gradient: tf.Tensor1D,
  learningRate: tf.Scalar,
  step: number,
): AdamTensors {
  return tf.tidy(() => {
    const m = tf.add<tf.Tensor1D>(tf.mul(firstMoment, BETA1), tf.mul(gradient, 1 - BETA1));
    const v = tf.add<tf.Tensor1D>(tf.mul(secondMoment, BETA2), tf.mul(tf.square(gradient), 1 - BETA2));
    const scale = tf.div(learningRate, 1 - BETA1 ** step);
    const denominator = tf.add(tf.sqrt(tf.div(v, 1 - BETA2 ** step)), EPSILON);
    const change = tf.div(tf.mul(m, scale), denominator);
    return { weights: tf.sub<tf.Tensor1D>(weights, change), firstMoment: m, secondMoment: v };
  });
}

/**
 * Scales a gradient down to the norm `most` if it is longer (Pascanu et al. 2013).
 *
 * @param gradient [P] of all weights together
 * @returns        gradient [P], and its norm [] before scaling
 */
export function clipByGlobalNorm(
  gradient: tf.Tensor1D,
  most: number,
): { readonly gradient: tf.Tensor1D; readonly norm: tf.Scalar } {
  return tf.tidy(() => {
    const norm = tf.sqrt(tf.sum(tf.square(gradient))) as tf.Scalar;
    const bound = Math.min(most, GREATEST); // Infinity / Infinity is NaN
    return { gradient: tf.mul<tf.Tensor1D>(gradient, tf.div(bound, tf.maximum(norm, bound))), norm };
  });
}

/**
 * The learning rate that keeps the KL divergence near its target (Rudin et al. 2022, as in rsl_rl): divided by 1.5 if the
 * divergence is above twice the target, multiplied by 1.5 if it is below half the target, within [1e-5, 1e-2].
 *
 * @param learningRate []
 * @param kl           [] in nats
 * @returns            []
 */
export function adaptLearningRate(learningRate: tf.Scalar, kl: tf.Scalar, target: number): tf.Scalar {
  return tf.tidy(() => {
    const lower = tf.maximum<tf.Scalar>(tf.div(learningRate, 1.5), LEAST_RATE);
    const higher = tf.minimum<tf.Scalar>(tf.mul(learningRate, 1.5), MOST_RATE);
    const raised = tf.where<tf.Scalar>(tf.less(kl, target / 2), higher, learningRate);
    return tf.where<tf.Scalar>(tf.greater(kl, 2 * target), lower, raised);
  });
}
