import * as tf from '@tensorflow/tfjs-core';
import { LOG_DEVIATION_RANGE, REPORT } from '../engine.ts';
import type { LearnerSettings } from '../settings.ts';
import { type ActorCritic, flattenWeights, sliceWeights } from './actor-critic.ts';
import { type AdamTensors, adamStep, adaptLearningRate, clipByGlobalNorm } from './adam.ts';
import { type MinibatchTensors, ppoLoss } from './objective.ts';

/** Finite replacements for ±∞, which GPUs may not handle. */
const UNBOUNDED = [-3e38, 3e38] as const;

/** What gradient steps carry over, on the device. */
export type TrainingTensors = AdamTensors & {
  /** [] of the last gradient step */
  readonly learningRate: tf.Scalar;
  /** [REPORT] the entries of REPORT, summed over this epoch's steps */
  readonly totals: tf.Tensor1D;
};

/** The minimum and maximum of each trained weight. */
export interface WeightBounds {
  readonly least: tf.Tensor1D;
  readonly most: tf.Tensor1D;
}

/**
 * The loss of a minibatch, its gradient as one flat vector, and the report of its parts, at `weights` [P − trainable].
 * `klCoefficient` overrides the settings' β.
 */
export function lossAndGradient(
  model: ActorCritic,
  settings: LearnerSettings,
  weights: tf.Tensor1D,
  batch: MinibatchTensors,
  klCoefficient = settings.klCoefficient,
): { readonly loss: tf.Scalar; readonly gradient: tf.Tensor1D; readonly report: tf.Tensor1D } {
  return tf.tidy(() => {
    let report!: tf.Tensor1D;
    const slices = sliceWeights(weights, model.slices);
    const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
      const result = ppoLoss(model.forward(tensors, batch.observation), batch, settings, model.branches, klCoefficient);
      report = tf.keep(result.report); // the forward pass frees everything but its value
      return result.loss;
    })(slices);
    const kept = tf.clone(report);
    report.dispose();
    return { loss: value as tf.Scalar, gradient: flattenWeights(grads), report: kept };
  });
}

/** What changes from one gradient step to the next. */
export interface StepOptions {
  /** number of this gradient step since training began, from 1 */
  readonly step: number;
  /** β of this update */
  readonly klCoefficient: number;
  /** whether the learning rate follows the KL divergence of this minibatch */
  readonly adapt: boolean;
  /** the range of the weights */
  readonly bounds: WeightBounds | undefined;
}

/** One gradient step: loss, gradient, clipping by the global norm, Adam. Returns new tensors; the old ones are not disposed. */
export function gradientStep(
  model: ActorCritic,
  settings: LearnerSettings,
  tensors: TrainingTensors,
  batch: MinibatchTensors,
  { step, klCoefficient, adapt, bounds }: StepOptions,
): TrainingTensors {
  return tf.tidy(() => {
    const { gradient, report } = lossAndGradient(model, settings, tensors.weights, batch, klCoefficient);
    const clipped = clipByGlobalNorm(gradient, settings.maxGradientNorm);
    const learningRate = adapt
      ? adaptLearningRate(tensors.learningRate, klOf(report), settings.targetKl)
      : tf.clone(tensors.learningRate);
    const adam = adamStep(tensors, clipped.gradient, learningRate, step);
    const totals = tf.add<tf.Tensor1D>(tensors.totals, tf.concat([report, tf.reshape(clipped.norm, [1])]));
    return { ...adam, weights: bounds ? within(bounds, adam.weights) : adam.weights, learningRate, totals };
  });
}

/** Bounds that keep log σ in [−5, 2] and do not affect the rest; none for a policy without continuous actions. */
export function deviationBounds({ slices }: ActorCritic): WeightBounds | undefined {
  const slice = slices.find(({ name }) => name === 'continuous.logDeviation');
  if (!slice) return undefined;
  const size = slices.reduce((total, { size }) => total + size, 0);
  const bound = (side: 0 | 1) =>
    tf.tensor1d(
      new Float32Array(size)
        .fill(UNBOUNDED[side])
        .fill(LOG_DEVIATION_RANGE[side], slice.offset, slice.offset + slice.size),
    );
  return { least: bound(0), most: bound(1) };
}

function within({ least, most }: WeightBounds, weights: tf.Tensor1D): tf.Tensor1D {
  return tf.minimum(tf.maximum(weights, least), most);
}

function klOf(report: tf.Tensor1D): tf.Scalar {
  return tf.reshape(tf.slice(report, REPORT.indexOf('approximateKl'), 1), []);
}
