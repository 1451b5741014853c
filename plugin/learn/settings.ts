import type { MirrorImage } from './mirror.ts';

/**
 * What a learner maximizes, all of Schulman et al. 2017: `clip` (eq. 7), `unclipped` (eq. 6), `kl-fixed` (eq. 8),
 * `kl-adaptive` (eq. 8 with β following the divergence, section 4) and `policy-gradient` (eq. 2, which takes each rollout once).
 */
export type ObjectiveName = (typeof OBJECTIVES)[number];

export const OBJECTIVES = ['clip', 'unclipped', 'kl-fixed', 'kl-adaptive', 'policy-gradient'] as const;

/** Whether an objective charges for the divergence from the policy that acted. */
export function isPenalized(objective: ObjectiveName): boolean {
  return objective === 'kl-fixed' || objective === 'kl-adaptive';
}

/** What PPO is told; plain data. Defaults are those of Schulman et al. 2017 and of the usual implementations since, but for the steps: docs/decisions/0024. */
export interface LearnerSettings {
  /** Adam's step size α at the start */
  readonly learningRate: number;
  /** `linear` falls to 0 at the end of the budget; `adaptive` follows the KL divergence; `constant` stays */
  readonly learningRateSchedule: 'linear' | 'adaptive' | 'constant';
  /** the KL divergence in nats that is steered to: of a minibatch by the adaptive schedule, of an update by the objective `kl-adaptive` (d_targ) */
  readonly targetKl: number;
  readonly objective: ObjectiveName;
  /** ε, how far the ratio may move from 1 before it stops paying (eq. 7) */
  readonly clip: number;
  /** β, what a nat of divergence costs (eq. 8); where it begins with `kl-adaptive` */
  readonly klCoefficient: number;
  /** passes over each rollout; a run with the objective `policy-gradient` takes 1 */
  readonly epochs: number;
  /** B, samples of one gradient step */
  readonly minibatch: number;
  /** c₂ of eq. 9, reward of each nat of entropy */
  readonly entropyCoefficient: number;
  /** c₁ of eq. 9, weight of the value loss */
  readonly valueCoefficient: number;
  /** how far the value may move from the old one before its loss stops falling, in deviations of the value target; 0 = no limit */
  readonly valueClip: number;
  /** the global norm that gradients are scaled down to */
  readonly maxGradientNorm: number;
  /** whether the advantages of each minibatch are shifted to mean 0 and scaled to deviation 1 */
  readonly normalizeAdvantage: boolean;
  /** whether observations are normalized by their running mean and deviation */
  readonly normalizeObservation: boolean;
  /** whether value targets are, with the value head rescaled so that its output stays (PopArt, van Hasselt et al. 2016) */
  readonly normalizeValue: boolean;
  /** log σ of every continuous action in the first policy */
  readonly initialLogDeviation: number;
  /** images of the task in which it is the same task: every sample is learned from as it looks in each of them, too */
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
