import { type LayoutSizes, measureLayout } from '../core/layout.ts';
import { type WeightLayout, weightLayout } from '../policy/network.ts';
import type { PolicySpec } from '../policy/policy.ts';
import type { LearnerState, UpdateStatistics } from './learner.ts';
import type { Samples } from './samples.ts';
import { isPenalized, type LearnerSettings } from './settings.ts';

/** What stays the same between updates. */
export interface LearnerContext {
  readonly spec: PolicySpec;
  readonly settings: LearnerSettings;
  readonly sizes: LayoutSizes;
  readonly layout: WeightLayout;
}

/** The context of a policy in training. */
export function createContext(spec: PolicySpec, settings: LearnerSettings): LearnerContext {
  const sizes = measureLayout(spec.layout);
  return { spec, settings, sizes, layout: weightLayout(sizes, spec.network) };
}

/** The inputs of one update's gradient steps. */
export interface TrainingJob {
  /** its value head fits `samples`; read only */
  readonly state: LearnerState;
  /** observations, values and targets normalized */
  readonly samples: Samples;
  /** B, samples per gradient step; at most S */
  readonly minibatch: number;
  /** [epochs][S] the order of the samples in each epoch; its last minibatch is filled up from its start */
  readonly orders: readonly Int32Array[];
  /** α of the first gradient step */
  readonly learningRate: number;
}

/** The results of one update's gradient steps. */
export interface TrainingOutcome {
  /** [P − trainable] */
  readonly trained: Float32Array;
  /** [P − trainable] */
  readonly firstMoment: Float32Array;
  /** [P − trainable] */
  readonly secondMoment: Float32Array;
  /** of the last gradient step */
  readonly learningRate: number;
  /** [epochs, REPORT] the entries of REPORT, summed over each epoch's gradient steps */
  readonly totals: Float32Array;
  /** [REPORT] of the first gradient step, which sees the unchanged policy */
  readonly first: Float32Array;
}

/**
 * Takes gradient steps: for every minibatch the gradient of PPO's objective, clipped by the global norm, and one step of
 * Adam. Engines differ in where they compute; TensorFlow.js is the reference that the others must agree with.
 */
export interface GradientEngine {
  train(job: TrainingJob): Promise<TrainingOutcome>;
  dispose(): void;
}

export type CreateEngine = (context: LearnerContext) => GradientEngine;

/**
 * What a gradient step reports, in order: the parts of the loss, the estimates k3, k1 and k2 of KL(π_old ‖ π)
 * (Schulman 2020), and the norm of the gradient.
 */
export const REPORT = [
  'policyLoss',
  'valueLoss',
  'entropy',
  'approximateKl',
  'clipFraction',
  'k1',
  'k2',
  'gradientNorm',
] as const;

/** Adam's constants (Kingma and Ba 2015), with ε as in PPO implementations. kernels/ repeats them. */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-5 } as const;

/** The learning rate's range in the adaptive schedule. */
export const RATE_RANGE = [1e-5, 1e-2] as const;

/** The range of log σ: above it actions are noise, below it the policy stops exploring, and neither recovers. */
export const LOG_DEVIATION_RANGE = [-5, 2] as const;

/** Whether an objective needs the distributions that actions were sampled from. */
export function needsDistributions({ settings }: LearnerContext): boolean {
  return isPenalized(settings.objective);
}

/** Gradient steps of one epoch. */
export function stepsPerEpoch({ samples, minibatch }: TrainingJob): number {
  return Math.ceil(samples.count / minibatch);
}

/** An update's statistics: means over all gradient steps; the divergence's over the last epoch. */
export function summarize(
  { totals, learningRate }: TrainingOutcome,
  job: TrainingJob,
  explainedVariance: number,
): Omit<UpdateStatistics, 'divergence' | 'klCoefficient'> {
  const epochs = job.orders.length;
  const steps = stepsPerEpoch(job);
  const mean = (name: (typeof REPORT)[number], firstEpoch = 0) => {
    let sum = 0;
    for (let epoch = firstEpoch; epoch < epochs; epoch++) sum += totals[epoch * REPORT.length + REPORT.indexOf(name)];
    return sum / ((epochs - firstEpoch) * steps);
  };
  return {
    policyLoss: mean('policyLoss'),
    valueLoss: mean('valueLoss'),
    entropy: mean('entropy'),
    approximateKl: mean('approximateKl', epochs - 1),
    clipFraction: mean('clipFraction'),
    gradientNorm: mean('gradientNorm'),
    explainedVariance,
    learningRate,
    samples: job.samples.count,
    gradientSteps: epochs * steps,
  };
}
