import type { AgentLayout } from '../../core/layout.ts';
import type { LearnerSettings } from '../../learn/settings.ts';
import type { RewardSpike } from './reward-tally.ts';

/** What does not change while a policy is watched. */
export interface WatchedPolicy {
  readonly name: string;
  readonly layout: AgentLayout;
  readonly settings: Pick<LearnerSettings, 'normalizeObservation' | 'mirrors'> & { readonly observationClip: number };
  /** N over all workers */
  readonly agents: number;
  /** of an episode */
  readonly maxDecisions: number;
  /** whether an earlier session has learned already */
  readonly resumed: boolean;
  /** whether the task may become harder, so that the return stays while agents get better */
  readonly lessons: boolean;
  /** whether an area has one agent alone; of several, some may win what others lose */
  readonly alone: boolean;
}

/** What the rollouts and updates of a session have shown of one policy so far; what the rules judge by. */
export interface RunEvidence extends WatchedPolicy {
  /** whether a parameter has lessons ahead, and is still at the one that it began the session with */
  readonly lessonsPending: boolean;
  readonly updates: number;
  readonly decisions: number;
  /** least and greatest of all */
  readonly reward: Extremes;
  /** a reward that dwarfs the others of its rollouts, if there was one */
  readonly spike: RewardSpike | undefined;
  readonly episodes: number;
  readonly return: Extremes;
  /** decisions of an episode */
  readonly length: Extremes;
  /** mean and standard deviation of the first 100 returns; null until there are as many */
  readonly firstReturns: { readonly mean: number; readonly deviation: number } | null;
  /** the greatest mean of 100 returns in a row, of which the first 100 are no part; null until there are as many */
  readonly bestReturn: number | null;
  /** [O] 1 where a float has been the same for every agent in every decision */
  readonly constant: Uint8Array;
  /** [O] mean and deviation of the last rollouts */
  readonly observed: { readonly mean: ArrayLike<number>; readonly deviation: ArrayLike<number> };
  /** decisions whose actions and masks were sampled */
  readonly sampled: number;
  /** [D] most choices that a mask left to a branch */
  readonly mostAllowed: Int32Array;
  /** [C] share of a continuous action's values, sampled lately, that were at or beyond ±1 */
  readonly saturated: ArrayLike<number>;
  /** of the first update and of the last, in nats */
  readonly entropy: { readonly first: number; readonly last: number };
  /** of the last update */
  readonly approximateKl: number;
  readonly clipFraction: number;
  /** updates in a row, up to the last, that … */
  readonly streaks: {
    /** left values unexplained */
    readonly unexplained: number;
    /** moved the policy by more than a nat */
    readonly violent: number;
    /** clipped most of the ratios */
    readonly clipped: number;
  };
}

/** The least and the greatest of some numbers; ∞ and −∞ of none. */
export interface Extremes {
  readonly least: number;
  readonly most: number;
}

export const NO_EXTREMES: Extremes = { least: Infinity, most: -Infinity };

/** Those of two lots of numbers together. */
export function extend(a: Extremes, b: Extremes): Extremes {
  return { least: Math.min(a.least, b.least), most: Math.max(a.most, b.most) };
}
