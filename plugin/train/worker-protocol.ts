import type { AgentLayout } from '../core/layout.ts';
import type { ParameterValues } from '../core/parameters.ts';
import type { Rollout } from '../core/rollout.ts';
import type { Moments } from '../core/running-statistics.ts';
import type { BackendName, BackendRequest } from '../learn/backend.ts';
import type { TrainedWeights } from '../learn/begin-with.ts';
import type { LearnerState, UpdateRequest, UpdateResult } from '../learn/learner.ts';
import type { LearnerSettings } from '../learn/settings.ts';
import type { PolicySpec } from '../policy/policy.ts';
import type { TrainingPreset } from './settings.ts';

/** What an environment says of a policy that its agents name. */
export interface PolicyDescription {
  /** the policy’s name */
  readonly name: string;
  /** what its agents observe and do */
  readonly layout: AgentLayout;
  /** how many of an area's agents name it */
  readonly agentsPerArea: number;
  /** what to call each of those in a message, such as `agent "ball"` */
  readonly agents: readonly string[];
}

/** What `babylon-agents list` says of an environment. */
export interface EnvironmentDescription {
  /** the environment’s name */
  readonly name: string;
  /** in the order in which its agents name them */
  readonly policies: readonly PolicyDescription[];
  /** of all policies together */
  readonly agentsPerArea: number;
  /** s */
  readonly timeStep: number;
  /** physics steps per decision */
  readonly decisionPeriod: number;
  /** physics steps of one frame, where it has frames */
  readonly frames?: number;
  /** decisions after which an episode is truncated */
  readonly maxDecisions: number;
  /** m between areas; null where each has a scene of its own */
  readonly spacing: number | null;
  /** its own, which settings may override */
  readonly parameters: Readonly<Record<string, number>>;
  /** what the environment's author trains it with, where that differs from the defaults */
  readonly training: TrainingPreset;
}

/** What episodes begin with. */
export interface EpisodeTerms {
  /** what the environment's parameters are drawn from, where that differs from its own */
  readonly parameters: ParameterValues;
  /** lessons that were completed before, of all parameters together */
  readonly stage: number;
}

/** A policy that acts in a rollout worker. */
export interface ActingPolicy {
  /** its agents must have its layout */
  readonly spec: PolicySpec;
  /** γ */
  readonly discount: number;
  /** λ */
  readonly lambda: number;
}

/** A world to build in a rollout worker. */
export interface WorldRequest {
  readonly environment: string;
  /** copies in this worker, and the number of the first among all workers' */
  readonly areas: number;
  readonly firstArea: number;
  /** seeds of the areas' chance, before the area's number */
  readonly seeds: readonly number[];
  /** whether first episodes are truncated early, each area's at another decision */
  readonly stagger: boolean;
  /** of the first episodes */
  readonly terms: EpisodeTerms;
  /** one for each that agents name */
  readonly policies: readonly ActingPolicy[];
  /** T */
  readonly horizon: number;
}

/** One finished episode of one agent. */
export interface EpisodeSummary {
  /** number of the area, over all workers */
  readonly area: number;
  /** name of the agent */
  readonly agent: string;
  /** that drove it */
  readonly policy: string;
  /** sum of rewards, undiscounted */
  readonly return: number;
  /** decisions */
  readonly length: number;
  /** how it ended */
  readonly outcome: 'terminated' | 'truncated';
  /** lessons that were completed when it began, of all parameters together */
  readonly stage: number;
}

/** Where a rollout's time went, in milliseconds of its worker. */
export interface RolloutTimes {
  readonly totalMs: number;
  /** inside Havok's step alone */
  readonly physicsMs: number;
  readonly policyMs: number;
}

/** T decisions of all agents of a worker that one policy may drive. */
export interface CollectedPolicy {
  readonly rollout: Rollout;
  /** of what the agents observed that it drove */
  readonly observation: Moments;
  /** that ended */
  readonly episodes: readonly EpisodeSummary[];
  /** taken by it: active entries of the rollout */
  readonly decisions: number;
}

/** T decisions of all agents of a worker, and what the trainer needs besides. */
export interface CollectedRollout {
  /** in the order of the world's request */
  readonly policies: readonly CollectedPolicy[];
  readonly physicsSteps: number;
  readonly times: RolloutTimes;
  /** of its rewards, its ends and what was observed after it: a world that lives through it again comes to the same */
  readonly fingerprint: number;
  /** warnings about the environment, none of them twice from one world */
  readonly notices: readonly string[];
}

/** The actions of one rollout of a policy. */
export interface ActionLog {
  readonly continuousAction: Float32Array;
  readonly discreteAction: Int32Array;
}

/** All that is needed to replay a rollout. */
export interface LivedRollout {
  /** of each policy */
  readonly actions: readonly ActionLog[];
  readonly terms: EpisodeTerms;
}

export interface EvaluationRequest {
  readonly environment: string;
  /** one for each policy that agents name */
  readonly policyFiles: readonly Uint8Array[];
  readonly episodes: number;
  readonly areas: number;
  readonly seed: number;
  readonly deterministic: boolean;
  /** over those that the environment's author trains it with in the end */
  readonly parameters: ParameterValues;
}

export interface CheckRequest {
  readonly environment: string;
  readonly seed: number;
  /** of all episodes, over the environment's own */
  readonly parameters: ParameterValues;
}

/** What a rollout worker does. One call per rollout, never per step. */
export interface RolloutService {
  /** The environments of the catalog; loads none of them. */
  names(): readonly string[];
  /** Describes the named environments, or all. */
  describe(names?: readonly string[]): Promise<readonly EnvironmentDescription[]>;
  /** Loads what a world of the named environment will need, so that open() is quick. */
  prepare(environment: string): Promise<void>;
  /** Builds a world, in place of the one before. */
  open(request: WorldRequest): Promise<void>;
  /**
   * Collects T decisions with the weights of each policy; `seeds` fixes the chance in choosing actions. Episodes that
   * begin from now on begin with `terms`; with those of before, where it is left out.
   */
  collect(weights: readonly Float32Array[], seeds: readonly number[], terms?: EpisodeTerms): CollectedRollout;
  /** Replays earlier rollouts, so that a new world is in the state of the lost one. Returns their fingerprints. */
  replay(history: readonly LivedRollout[]): readonly number[];
  /** Plays full episodes with policy files, in a separate world. */
  evaluate(request: EvaluationRequest): Promise<readonly EpisodeSummary[]>;
  /** Lives through short lives with random actions, in worlds of their own. Says what is odd, in sentences for people. */
  check(request: CheckRequest): Promise<readonly string[]>;
}

export interface LearnerRequest {
  readonly spec: PolicySpec;
  readonly settings: LearnerSettings;
  readonly seed: number;
  readonly backend: BackendRequest;
  /** to resume from; a new policy is made when it is left out */
  readonly state?: LearnerState;
  /** what a new policy begins with, in place of initial weights */
  readonly from?: TrainedWeights;
}

export interface OpenedLearner {
  readonly backend: BackendName;
  /** why this backend, for people */
  readonly reason: string;
  /** [P] the policy to act with first */
  readonly weights: Float32Array;
}

/** What the learner's worker does. */
export interface LearnerService {
  open(request: LearnerRequest): Promise<OpenedLearner>;
  /** Where memory is shared, the new weights are written over those of the update before the last. */
  update(request: UpdateRequest): Promise<UpdateResult>;
  state(): LearnerState;
}

/** What ties a worker to its page. */
export interface LifeService {
  /** Has the worker resolve addresses as a page with this base address does. */
  settle(page: string): Promise<void>;
  /** Takes the lock `name` of navigator.locks for as long as the thread lives: browsers do not tell when a worker has ended, but they release its locks. */
  hold(name: string): Promise<void>;
}

/** The services of every worker; the code of each is loaded at its first call. */
export interface WorkerServices {
  readonly life: LifeService;
  readonly rollout: RolloutService;
  readonly learner: LearnerService;
}
