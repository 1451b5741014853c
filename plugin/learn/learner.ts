import type { Rollout } from '../core/rollout.ts';
import type { Moments } from '../core/running-statistics.ts';
import type { Violation } from './invariants.ts';
import type { Outlier } from './outliers.ts';

/** All that a learner carries from one update to the next; what a checkpoint keeps. */
export interface LearnerState {
  /** [P] the policy's flat vector, normalizers included */
  readonly weights: Float32Array;
  /** [P − trainable] Adam's running mean of the gradient */
  readonly firstMoment: Float32Array;
  /** [P − trainable] Adam's running mean of the squared gradient */
  readonly secondMoment: Float32Array;
  /** gradient steps taken so far */
  readonly steps: number;
  /** the learning rate that the adaptive schedule has come to */
  readonly learningRate: number;
  /** β that the next update charges for divergence; the settings' own but for `kl-adaptive` */
  readonly klCoefficient: number;
  /** observations seen so far */
  readonly observation: Moments;
  /** value targets seen so far */
  readonly valueTarget: Moments;
}

/** One update's rollouts, and where in the run it stands. */
export interface UpdateRequest {
  /** one of each worker; their advantages are estimated */
  readonly rollouts: readonly Rollout[];
  /** the observations of those rollouts, merged into the normalizer after the update */
  readonly observation: Moments;
  /** whether the policy that acted is the one that learns, so that every ratio is 1 before the first gradient step */
  readonly onPolicy: boolean;
  /** seeds the shuffling */
  readonly seed: number;
  /** number of this update, from 0 */
  readonly update: number;
  /** the share of the budget that is left, in [0, 1]: the linear schedule's factor */
  readonly remaining: number;
}

/** What one update did; means over its minibatches unless said otherwise. */
export interface UpdateStatistics {
  /** minus the objective */
  readonly policyLoss: number;
  /** of normalized values */
  readonly valueLoss: number;
  /** of the policy, in nats */
  readonly entropy: number;
  /** k3 of Schulman 2020: mean((ρ − 1) − log ρ), in nats; over the last epoch */
  readonly approximateKl: number;
  /** exact KL(π_old ‖ π) of the updated policy, the mean over the rollout, in nats; null where the objective asks for none */
  readonly divergence: number | null;
  /** β of eq. 8 in this update; null where the objective asks for none */
  readonly klCoefficient: number | null;
  /** share of samples whose ratio left [1 − ε, 1 + ε] */
  readonly clipFraction: number;
  /** before clipping */
  readonly gradientNorm: number;
  /** 1 − Var(V_targ − V) / Var(V_targ) of the rollout, before the update */
  readonly explainedVariance: number;
  /** of the last gradient step */
  readonly learningRate: number;
  /** samples learned from: active entries of the rollouts, as they are and in each mirror */
  readonly samples: number;
  /** number of gradient steps taken */
  readonly gradientSteps: number;
}

/** The new policy and what making it was like. */
export interface UpdateResult {
  /** [P] of the policy to act with from now on */
  readonly weights: Float32Array;
  readonly statistics: UpdateStatistics;
  /** what a sound update cannot do and this one did; each invariant is told of once */
  readonly violations: readonly Violation[];
  /** observations that were held back from the normalizer, one for each float */
  readonly outliers: readonly Outlier[];
}

/** Improves a policy by PPO, rollout after rollout. */
export interface Learner {
  update(request: UpdateRequest): Promise<UpdateResult>;
  /** A copy of the state after the last update. */
  state(): LearnerState;
  dispose(): void;
}
