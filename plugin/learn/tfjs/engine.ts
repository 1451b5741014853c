import * as tf from '@tensorflow/tfjs-core';
import type { LayoutSizes } from '../../core/layout.ts';
import type { WeightLayout } from '../../policy/network.ts';
import {
  type GradientEngine,
  type LearnerContext,
  needsDistributions,
  REPORT,
  stepsPerEpoch,
  type TrainingJob,
  type TrainingOutcome,
} from '../engine.ts';
import { createSamples, gatherMinibatch, type Samples, standardise } from '../samples.ts';
import { type ActorCritic, createActorCritic } from './actor-critic.ts';
import { deviationBounds, gradientStep, type TrainingTensors } from './gradient-step.ts';
import type { MinibatchTensors } from './objective.ts';

/**
 * Takes gradient steps with TensorFlow.js' automatic differentiation on its current backend: the numerical reference.
 * Results are read back from the device once per update.
 */
export function createTfjsEngine(context: LearnerContext): GradientEngine {
  const model = createActorCritic(context.spec);
  const create = (count: number) => createSamples(context.sizes, count, needsDistributions(context));
  let minibatch = create(0);

  return {
    async train(job) {
      if (minibatch.count !== job.minibatch) minibatch = create(job.minibatch);
      const packed = trainEpochs(context, model, job, minibatch);
      const values = (await packed.data()) as Float32Array;
      packed.dispose();
      return unpack(values, context.layout.size - context.layout.trainable);
    },
    dispose() {},
  };
}

function trainEpochs(context: LearnerContext, model: ActorCritic, job: TrainingJob, minibatch: Samples): tf.Tensor1D {
  return tf.tidy(() => {
    const reports: tf.Tensor1D[] = [];
    let tensors = toDevice(job, context.layout);
    for (let epoch = 0; epoch < job.orders.length; epoch++) {
      const { first, ...trained } = trainEpoch(context, model, tensors, job, epoch, minibatch);
      tensors = trained;
      if (epoch === 0) reports.push(first);
      reports.push(tensors.totals);
    }
    const { weights, firstMoment, secondMoment, learningRate } = tensors;
    return tf.concat([weights, firstMoment, secondMoment, tf.reshape(learningRate, [1]), ...reports]);
  });
}

/** All steps of one epoch; `first` is the report [REPORT] of the first step. */
function trainEpoch(
  { settings, sizes }: LearnerContext,
  model: ActorCritic,
  start: TrainingTensors,
  job: TrainingJob,
  epoch: number,
  minibatch: Samples,
): TrainingTensors & { readonly first: tf.Tensor1D } {
  return tf.tidy(() => {
    const { klCoefficient } = job.state;
    const bounds = deviationBounds(model);
    const order = job.orders[epoch];
    let step = job.state.steps + epoch * stepsPerEpoch(job) + 1;
    let tensors = { ...start, totals: tf.zeros<tf.Rank.R1>([REPORT.length]) };
    let first = tensors.totals;
    for (let at = 0; at < order.length; at += minibatch.count, step++) {
      gatherMinibatch(sizes, job.samples, order, at, minibatch);
      if (settings.normalizeAdvantage) standardise(minibatch.advantage);
      const untouched = epoch === 0 && at === 0; // a policy's divergence from itself says nothing about the rate
      const adapt = settings.learningRateSchedule === 'adaptive' && !untouched;
      const before = tensors;
      tensors = tf.tidy(() => {
        const batch = uploadMinibatch(sizes, minibatch);
        return gradientStep(model, settings, before, batch, { step, klCoefficient, adapt, bounds });
      });
      if (at === 0) first = tf.clone(tensors.totals);
      tf.dispose(before);
    }
    return { ...tensors, first };
  });
}

function unpack(values: Float32Array, size: number): TrainingOutcome {
  return {
    trained: values.slice(0, size),
    firstMoment: values.slice(size, 2 * size),
    secondMoment: values.slice(2 * size, 3 * size),
    learningRate: values[3 * size],
    first: values.slice(3 * size + 1, 3 * size + 1 + REPORT.length),
    totals: values.slice(3 * size + 1 + REPORT.length),
  };
}

function toDevice({ state, learningRate }: TrainingJob, { trainable }: WeightLayout): TrainingTensors {
  return {
    weights: tf.tensor1d(state.weights.slice(trainable)),
    firstMoment: tf.tensor1d(state.firstMoment.slice()),
    secondMoment: tf.tensor1d(state.secondMoment.slice()),
    learningRate: tf.scalar(learningRate),
    totals: tf.zeros([REPORT.length]),
  };
}

/** The columns as tensors. They may share the columns' memory: use them before gathering the next minibatch. */
export function uploadMinibatch({ observation, continuous, mask }: LayoutSizes, columns: Samples): MinibatchTensors {
  const { count } = columns;
  const matrix = (values: Float32Array, width: number) =>
    values.length > 0 ? tf.tensor2d(values, [count, width]) : undefined;
  return {
    observation: tf.tensor2d(columns.observation, [count, observation]),
    continuousAction: matrix(columns.continuousAction, continuous),
    choice: matrix(columns.choice, mask),
    mask: matrix(columns.mask, mask),
    logProb: tf.tensor1d(columns.logProb),
    oldMean: matrix(columns.oldMean, continuous),
    oldLogDeviation: matrix(columns.oldLogDeviation, continuous),
    oldLogProbs: matrix(columns.oldLogProbs, mask),
    advantage: tf.tensor1d(columns.advantage),
    value: tf.tensor1d(columns.value),
    target: tf.tensor1d(columns.target),
  };
}
