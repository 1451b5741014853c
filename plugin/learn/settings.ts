import type { MirrorImage } from './mirror.ts';

/**
 * What a learner maximizes, all of Schulman et al. 2017: `clip` (eq. 7), `unclipped` (eq. 6), `kl-fixed` (eq. 8),
 * `kl-adaptive` (eq. 8 with β following the divergence, section 4) and `policy-gradient` (eq. 2, which takes each rollout once).
 */
export type ObjectiveName = (typeof OBJECTIVES)[number];

/** The names of all objectives. */
export const OBJECTIVES = ['clip', 'unclipped', 'kl-fixed', 'kl-adaptive', 'policy-gradient'] as const;

/** Whether an objective charges for the divergence from the policy that acted. */
export function isPenalized(objective: ObjectiveName): boolean {
  return objective === 'kl-fixed' || objective === 'kl-adaptive';
}

/** The settings of PPO, as plain data. Defaults follow Schulman et al. 2017 and common implementations, except the steps: docs/decisions/0024. */
export interface LearnerSettings {
  /** How far each gradient step goes: higher learns faster, too high unlearns. Adam's α at the start. */
  readonly learningRate: number;
  /**
   * Whether the learning rate falls to 0 over the budget (`linear`), follows the KL divergence (`adaptive`) or stays
   * (`constant`).
   */
  readonly learningRateSchedule: 'linear' | 'adaptive' | 'constant';
  /**
   * How far the policy may move per update with the schedule `adaptive` or the objective `kl-adaptive`. The schedule
   * steers the KL divergence of a minibatch to it, the objective that of an update (d_targ).
   *
   * @unit nats
   */
  readonly targetKl: number;
  /**
   * What learning maximizes: `clip` is PPO, the others are for comparison. `policy-gradient` learns from each
   * rollout once.
   */
  readonly objective: ObjectiveName;
  /**
   * How far an action's probability may move in one update before that stops paying. ε of eq. 7, the distance of the
   * ratio from 1.
   */
  readonly clip: number;
  /**
   * What divergence costs with the KL objectives; `kl-adaptive` starts with it. β of eq. 8.
   *
   * @unit per nat
   */
  readonly klCoefficient: number;
  /**
   * How often each rollout is learned from; always 1 with the objective `policy-gradient`.
   *
   * @unit passes
   */
  readonly epochs: number;
  /**
   * Number of samples in one gradient step. B.
   *
   * @unit samples
   */
  readonly minibatch: number;
  /**
   * Reward for staying undecided, which keeps agents exploring. c₂ of eq. 9.
   *
   * @unit per nat
   */
  readonly entropyCoefficient: number;
  /** Weight of the value loss relative to the policy's. c₁ of eq. 9. */
  readonly valueCoefficient: number;
  /**
   * How far a value may move in one update before its loss stops falling; 0 sets no limit. From the old value, in
   * deviations of the value target.
   *
   * @unit deviations
   */
  readonly valueClip: number;
  /** Longer gradients are scaled down to this global norm. */
  readonly maxGradientNorm: number;
  /** Whether the advantages of each minibatch are shifted to mean 0 and scaled to deviation 1. */
  readonly normalizeAdvantage: boolean;
  /** Whether observations are shifted and scaled by their running mean and deviation. */
  readonly normalizeObservation: boolean;
  /**
   * Whether value targets are normalized too, so that the size of rewards does not matter. The value head is
   * rescaled so that its output stays (PopArt, van Hasselt et al. 2016).
   */
  readonly normalizeValue: boolean;
  /**
   * How widely the untrained policy explores continuous actions.
   *
   * @unit log σ
   */
  readonly initialLogDeviation: number;
  /**
   * Mirror images of the task in which every sample is learned from too, such as `[{ "sensors": { "speed": { "flip":
   * [0] } } }]`.
   */
  readonly mirrors: readonly MirrorImage[];
}

/** The defaults of every setting. */
export const LEARNER_DEFAULTS: LearnerSettings = {
  learningRate: 1e-3,
  learningRateSchedule: 'linear',
  targetKl: 0.01,
  objective: 'clip',
  clip: 0.2,
  klCoefficient: 1,
  epochs: 4,
  minibatch: 256,
  entropyCoefficient: 0.001,
  valueCoefficient: 0.5,
  valueClip: 0,
  maxGradientNorm: 0.5,
  normalizeAdvantage: true,
  normalizeObservation: true,
  normalizeValue: true,
  initialLogDeviation: -0.5,
  mirrors: [],
};
