import type { Rollout } from '../core/rollout.ts';
import type { Moments } from '../core/running-statistics.ts';
import type { Violation } from './invariants.ts';
import type { Outlier } from './outliers.ts';

/** Everything that a learner carries from one update to the next; stored in checkpoints. */
export interface LearnerState {
  /** [P] the policy's flat vector, including normalizers */
  readonly weights: Float32Array;
  /** [P − trainable] Adam's running mean of the gradient */
  readonly firstMoment: Float32Array;
  /** [P − trainable] Adam's running mean of the squared gradient */
  readonly secondMoment: Float32Array;
  /** gradient steps taken so far */
  readonly steps: number;
  /** the adaptive schedule's current learning rate */
  readonly learningRate: number;
  /** β of the next update; only `kl-adaptive` changes the settings' value */
  readonly klCoefficient: number;
  /** observations seen so far */
  readonly observation: Moments;
  /** value targets seen so far */
  readonly valueTarget: Moments;
}

/** One update's rollouts, and its position in the run. */
export interface UpdateRequest {
  /** one per worker, with advantages estimated */
  readonly rollouts: readonly Rollout[];
  /** the observations in those rollouts, merged into the normalizer after the update */
  readonly observation: Moments;
  /** whether the policy that acted is the one being trained, so that every ratio is 1 before the first gradient step */
  readonly onPolicy: boolean;
  /** seeds the shuffling */
  readonly seed: number;
  /** index of this update, from 0 */
  readonly update: number;
  /** the share of the budget that is left, in [0, 1]; scales the linear schedule */
  readonly remaining: number;
}

/** What one update did; means over its minibatches unless stated otherwise. */
export interface UpdateStatistics {
  /** minus the objective */
  readonly policyLoss: number;
  /** of normalized values */
  readonly valueLoss: number;
  /** of the policy, in nats */
  readonly entropy: number;
  /** k3 of Schulman 2020: mean((ρ − 1) − log ρ), in nats; over the last epoch */
  readonly approximateKl: number;
  /** exact KL(π_old ‖ π) of the updated policy, averaged over the rollout, in nats; null if the objective does not use it */
  readonly divergence: number | null;
  /** β of eq. 8 in this update; null if the objective does not use it */
  readonly klCoefficient: number | null;
  /** share of samples whose ratio left [1 − ε, 1 + ε] */
  readonly clipFraction: number;
  /** before clipping */
  readonly gradientNorm: number;
  /** 1 − Var(V_targ − V) / Var(V_targ) of the rollout, before the update */
  readonly explainedVariance: number;
  /** of the last gradient step */
  readonly learningRate: number;
  /** number of samples: active entries of the rollouts, as they are and in each mirror */
  readonly samples: number;
  /** number of gradient steps taken */
  readonly gradientSteps: number;
}

/** The new policy, and how the update went. */
export interface UpdateResult {
  /** [P] of the policy to act with from now on */
  readonly weights: Float32Array;
  readonly statistics: UpdateStatistics;
  /** invariants that this update violated; each one is reported once */
  readonly violations: readonly Violation[];
  /** observations held back from the normalizer, one entry per float */
  readonly outliers: readonly Outlier[];
}

/** Improves a policy with PPO, rollout by rollout. */
export interface Learner {
  update(request: UpdateRequest): Promise<UpdateResult>;
  /** A copy of the state after the last update. */
  state(): LearnerState;
  dispose(): void;
}
