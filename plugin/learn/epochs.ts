import * as tf from '@tensorflow/tfjs-core';
import { type LayoutSizes, measureLayout } from '../core/layout.ts';
import { Random } from '../core/random.ts';
import { type ParameterLayout, parameterLayout } from '../policy/network.ts';
import type { PolicySpec } from '../policy/policy.ts';
import { type ActorCritic, createActorCritic } from './actor-critic.ts';
import { deviationBounds, gradientStep, type TrainingTensors } from './gradient-step.ts';
import type { LearnerState, UpdateRequest, UpdateStatistics } from './learner.ts';
import { type Minibatch, REPORT } from './objective.ts';
import { gatherMinibatch, type Samples, standardise } from './samples.ts';
import type { LearnerSettings } from './settings.ts';

/** What does not change between updates. */
export interface LearnerContext {
  readonly spec: PolicySpec;
  readonly settings: LearnerSettings;
  readonly sizes: LayoutSizes;
  readonly layout: ParameterLayout;
  readonly model: ActorCritic;
}

/** The context of a policy that learns. */
export function createContext(spec: PolicySpec, settings: LearnerSettings): LearnerContext {
  const sizes = measureLayout(spec.layout);
  return { spec, settings, sizes, layout: parameterLayout(sizes, spec.network), model: createActorCritic(spec) };
}

/** What the device computed, back on the host. */
export interface TrainingOutcome {
  /** [P − trainable] */
  readonly trained: Float32Array;
  /** [P − trainable] */
  readonly firstMoment: Float32Array;
  /** [P − trainable] */
  readonly secondMoment: Float32Array;
  /** of the last gradient step */
  readonly learningRate: number;
  readonly gradientSteps: number;
  /** [epochs, 6] sums over each epoch's gradient steps of the entries of REPORT */
  readonly totals: Float32Array;
}

/**
 * All gradient steps of an update: epochs × minibatches, all minibatches of one size, the last of an epoch filled up from
 * the epoch's start. What they leave on the device is read back once.
 *
 * @param samples   values and targets normalised
 * @param minibatch columns to gather each minibatch into
 */
export async function train(
  context: LearnerContext,
  state: LearnerState,
  request: UpdateRequest,
  samples: Samples,
  minibatch: Samples,
): Promise<TrainingOutcome> {
  const { settings, layout } = context;
  const stepsPerEpoch = Math.ceil(samples.count / minibatch.count);
  const packed = tf.tidy(() => {
    const totals: tf.Tensor1D[] = [];
    let tensors = toDevice(state, layout, startRate(settings, state, request));
    for (let epoch = 0; epoch < settings.epochs; epoch++) {
      const firstStep = state.steps + epoch * stepsPerEpoch + 1;
      const order = shuffledOrder(samples.count, request, epoch);
      tensors = trainEpoch(context, tensors, samples, minibatch, order, firstStep, epoch === 0);
      totals.push(tensors.totals);
    }
    const { parameters, firstMoment, secondMoment, learningRate } = tensors;
    return tf.concat([parameters, firstMoment, secondMoment, tf.reshape(learningRate, [1]), ...totals]);
  });
  const values = (await packed.data()) as Float32Array;
  packed.dispose();
  return unpack(values, layout.size - layout.trainable, settings.epochs * stepsPerEpoch);
}

function trainEpoch(
  { settings, sizes, model }: LearnerContext,
  start: TrainingTensors,
  samples: Samples,
  minibatch: Samples,
  order: Int32Array,
  firstStep: number,
  isFirst: boolean,
): TrainingTensors {
  return tf.tidy(() => {
    const bounds = deviationBounds(model);
    let tensors = { ...start, totals: tf.zeros<tf.Rank.R1>([REPORT.length]) };
    for (let at = 0, step = firstStep; at < order.length; at += minibatch.count, step++) {
      gatherMinibatch(sizes, samples, order, at, minibatch);
      if (settings.normaliseAdvantage) standardise(minibatch.advantage);
      const untouched = isFirst && at === 0; // the divergence of a policy from itself says nothing about the rate
      const adapt = settings.learningRateSchedule === 'adaptive' && !untouched;
      const before = tensors;
      tensors = tf.tidy(() => {
        const batch = uploadMinibatch(sizes, minibatch);
        return gradientStep(model, settings, before, batch, { step, adapt, bounds });
      });
      tf.dispose(before);
    }
    return tensors;
  });
}

function unpack(values: Float32Array, size: number, gradientSteps: number): TrainingOutcome {
  return {
    trained: values.slice(0, size),
    firstMoment: values.slice(size, 2 * size),
    secondMoment: values.slice(2 * size, 3 * size),
    learningRate: values[3 * size],
    gradientSteps,
    totals: values.slice(3 * size + 1),
  };
}

function toDevice(state: LearnerState, { trainable }: ParameterLayout, learningRate: number): TrainingTensors {
  return {
    parameters: tf.tensor1d(state.parameters.slice(trainable)),
    firstMoment: tf.tensor1d(state.firstMoment.slice()),
    secondMoment: tf.tensor1d(state.secondMoment.slice()),
    learningRate: tf.scalar(learningRate),
    totals: tf.zeros([REPORT.length]),
  };
}

/** The columns as tensors. They may share the columns' memory: use them before the next minibatch is gathered. */
export function uploadMinibatch({ observation, continuous, mask }: LayoutSizes, columns: Samples): Minibatch {
  const { count } = columns;
  const matrix = (values: Float32Array, width: number) => (width > 0 ? tf.tensor2d(values, [count, width]) : undefined);
  return {
    observation: tf.tensor2d(columns.observation, [count, observation]),
    continuousAction: matrix(columns.continuousAction, continuous),
    choice: matrix(columns.choice, mask),
    mask: matrix(columns.mask, mask),
    logProb: tf.tensor1d(columns.logProb),
    advantage: tf.tensor1d(columns.advantage),
    value: tf.tensor1d(columns.value),
    target: tf.tensor1d(columns.target),
  };
}

function shuffledOrder(count: number, { seed, update }: UpdateRequest, epoch: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  new Random(seed, update, epoch).shuffle(order);
  return order;
}

function startRate(
  { learningRateSchedule, learningRate }: LearnerSettings,
  state: LearnerState,
  { remaining }: UpdateRequest,
): number {
  switch (learningRateSchedule) {
    case 'constant':
      return learningRate;
    case 'linear':
      return learningRate * Math.min(1, Math.max(0, remaining));
    case 'adaptive':
      return state.learningRate;
  }
}

/** The statistics of an update: means over all gradient steps, of the divergence over the last epoch's. */
export function summarise(outcome: TrainingOutcome, samples: number, explained: number): UpdateStatistics {
  const { totals, gradientSteps, learningRate } = outcome;
  const epochs = totals.length / REPORT.length;
  const mean = (name: (typeof REPORT)[number], firstEpoch = 0) => {
    let sum = 0;
    for (let epoch = firstEpoch; epoch < epochs; epoch++) sum += totals[epoch * REPORT.length + REPORT.indexOf(name)];
    return (sum * epochs) / ((epochs - firstEpoch) * gradientSteps);
  };
  return {
    policyLoss: mean('policyLoss'),
    valueLoss: mean('valueLoss'),
    entropy: mean('entropy'),
    approximateKl: mean('approximateKl', epochs - 1),
    clipFraction: mean('clipFraction'),
    gradientNorm: mean('gradientNorm'),
    explainedVariance: explained,
    learningRate,
    samples,
    gradientSteps,
  };
}
