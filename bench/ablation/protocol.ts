import type { TrainingSettings } from '../../plugin/training.ts';

/** What all runs share: section 6.1 and table 3 of the paper, and what it leaves open as its authors' code had it. */
export const COMMON = {
  hidden: [64, 64],
  activation: 'tanh',
  critic: 'separate',
  initialLogDeviation: 0,
  areas: 1,
  workers: 1,
  overlap: false,
  horizon: 2048,
  epochs: 10,
  minibatch: 64,
  learningRate: 3e-4,
  learningRateSchedule: 'constant',
  discount: 0.99,
  lambda: 0.95,
  entropyCoefficient: 0,
  valueCoefficient: 1,
  valueClip: 0,
  maxGradientNorm: 1e6, // that is, none
  normalizeAdvantage: true,
  normalizeObservation: true,
  normalizeValue: true,
  observationClip: 10,
  backend: 'wasm',
} satisfies Partial<TrainingSettings>;

/** One row of the paper's table 1, or the one that we add. */
export interface AblationSetting {
  readonly name: string;
  /** as the paper calls it */
  readonly title: string;
  /** the average normalized score in table 1; null where there is no such row */
  readonly paper: number | null;
  /** what it changes about COMMON */
  readonly learner: Partial<TrainingSettings> & Pick<TrainingSettings, 'objective'>;
}

/** The settings that are compared, in the order of the paper's table. */
export const SETTINGS: readonly AblationSetting[] = [
  { name: 'unclipped', title: 'No clipping or penalty', paper: -0.39, learner: { objective: 'unclipped' } },
  clip(0.1, 0.76),
  clip(0.2, 0.82),
  clip(0.3, 0.7),
  adaptiveKl(0.003, 0.68),
  adaptiveKl(0.01, 0.74),
  adaptiveKl(0.03, 0.71),
  fixedKl(0.3, 0.62),
  fixedKl(1, 0.71),
  fixedKl(3, 0.72),
  fixedKl(10, 0.69),
  {
    name: 'policy-gradient',
    title: 'Policy gradient, one epoch',
    paper: null,
    learner: { objective: 'policy-gradient', epochs: 1 },
  },
];

function clip(epsilon: number, paper: number): AblationSetting {
  return {
    name: `clip-${epsilon}`,
    title: `Clipping, ε = ${epsilon}`,
    paper,
    learner: { objective: 'clip', clip: epsilon },
  };
}

function adaptiveKl(target: number, paper: number): AblationSetting {
  return {
    name: `kl-adaptive-${target}`,
    title: `Adaptive KL, d = ${target}`,
    paper,
    learner: { objective: 'kl-adaptive', targetKl: target, klCoefficient: 1 },
  };
}

function fixedKl(coefficient: number, paper: number): AblationSetting {
  return {
    name: `kl-fixed-${coefficient}`,
    title: `Fixed KL, β = ${coefficient}`,
    paper,
    learner: { objective: 'kl-fixed', klCoefficient: coefficient },
  };
}

/** A task that the settings are compared on. */
export interface AblationTask {
  /** its environment */
  readonly name: string;
  readonly title: string;
  /** the budget of each run: decisions */
  readonly steps: number;
}

/** The tasks, cheap ones first. */
export const TASKS: readonly AblationTask[] = [
  { name: 'cartpole', title: 'CartPole', steps: 100_000 },
  { name: 'acrobot', title: 'Acrobot', steps: 100_000 },
  { name: 'pendulum', title: 'Pendulum', steps: 200_000 },
  { name: 'inverted-double-pendulum', title: 'Inverted double pendulum', steps: 150_000 },
  { name: 'reacher', title: 'Reacher', steps: 150_000 },
  { name: 'hopper', title: 'Hopper', steps: 600_000 },
  { name: 'half-cheetah', title: 'Half-cheetah', steps: 300_000 },
];

export const SEEDS: readonly number[] = [1, 2, 3];

/** What random actions earn on a task is the mean of so many episodes. */
export const RANDOM_EPISODES = 100;
