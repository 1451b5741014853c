import type { LessonStanding } from '../core/parameters.ts';
import type { BackendName } from '../learn/backend.ts';
import type { UpdateStatistics } from '../learn/learner.ts';
import type { PolicySpec } from '../policy/policy.ts';
import type { CompletedLesson } from './curriculum.ts';
import type { TrainingSettings } from './settings.ts';
import type { EpisodeSummary } from './worker-protocol.ts';

/** Training is about to collect its first rollout. */
export interface StartedEvent {
  readonly kind: 'started';
  readonly environment: string;
  /** the policies that learn; most environments have one */
  readonly policies: readonly PolicySpec[];
  readonly settings: TrainingSettings;
  /** mean return of 100 episodes of each policy that ends the run */
  readonly goal: number | null;
  readonly workers: number;
  readonly areas: number;
  /** N over all workers */
  readonly agents: number;
  readonly backend: BackendName;
  /** why this backend */
  readonly backendReason: string;
  /** updates that an earlier session had made, when this one goes on with its run */
  readonly resumedFrom: number | null;
  /** decisions and wall-clock seconds of that earlier session */
  readonly decisions: number;
  readonly seconds: number;
  /** of every parameter with a curriculum, the lesson that it begins in */
  readonly lessons: readonly LessonStanding[];
}

/**
 * Where the wall-clock time since the update before went, in milliseconds; what concerns workers as the mean over them.
 * With `overlap` the rollout is collected while the learner works on the one before.
 */
export interface UpdateTimes {
  readonly totalMs: number;
  /** from asking for this update's rollout to having it of every worker */
  readonly rolloutMs: number;
  /** inside Havok's step alone */
  readonly physicsMs: number;
  readonly policyMs: number;
  readonly learnerMs: number;
  /** workers waiting for the slowest of them, for the learner or for the policy to act with */
  readonly workersIdleMs: number;
  /** the learner waiting for a rollout */
  readonly learnerIdleMs: number;
}

/**
 * A rollout was collected, and a policy has learned from it. Of several policies each has an event of its own, but one that
 * took no decision in the rollout has none.
 */
export interface UpdateEvent extends UpdateStatistics {
  readonly kind: 'update';
  /** its name */
  readonly policy: string;
  /** number of this update of the run, from 1 */
  readonly update: number;
  /** totals of the run */
  readonly decisions: number;
  readonly physicsSteps: number;
  readonly episodes: number;
  /** wall-clock seconds of the run, earlier sessions included */
  readonly seconds: number;
  /** of the last 100 episodes that the policy drove; null before the first one ends */
  readonly meanReturn: number | null;
  /** standard deviation of the same returns */
  readonly returnDeviation: number | null;
  /** decisions, mean of the last 100 episodes */
  readonly episodeLength: number | null;
  readonly decisionsPerSecond: number;
  readonly physicsStepsPerSecond: number;
  readonly times: UpdateTimes;
  /** of every parameter with a curriculum, the lesson that the next rollout is begun in */
  readonly lessons: readonly LessonStanding[];
  /** [P] the newest policy: `new Policy(spec, weights)` with its spec of `started.policies` */
  readonly weights: Float32Array;
}

/** An agent's episode has ended. */
export interface EpisodeEvent extends EpisodeSummary {
  readonly kind: 'episode';
  /** decisions of the run when its rollout was over */
  readonly decisions: number;
}

/** A parameter of the environment goes on to its next lesson: episodes begin in it from the next rollout on. */
export interface LessonEvent extends CompletedLesson {
  readonly kind: 'lesson';
  /** after which this happened */
  readonly update: number;
  readonly decisions: number;
}

/** The run can be resumed from here. */
export interface CheckpointEvent {
  readonly kind: 'checkpoint';
  readonly update: number;
  readonly checkpointPath: string;
  readonly policies: readonly SavedPolicy[];
}

/** Where the store keeps a policy. */
export interface SavedPolicy {
  readonly name: string;
  /** null if the run has no store, or if the file could not be written; a warning then says why */
  readonly policyPath: string | null;
}

/** A file that the store of a run did not take. */
export interface UnwrittenFile {
  /** where it would be */
  readonly file: string;
  readonly reason: string;
}

/** Something went wrong that the run survives. */
export interface WarningEvent {
  readonly kind: 'warning';
  readonly message: string;
}

/** Why a run ended. */
export type FinishReason = 'solved' | 'budget' | 'time' | 'interrupted';

/** A policy of a run that is over. */
export interface FinishedPolicy extends SavedPolicy {
  /** of its last 100 episodes */
  readonly meanReturn: number | null;
  /** the policy file's bytes */
  readonly policyFile: Uint8Array;
}

/** The run is over. */
export interface FinishedEvent {
  readonly kind: 'finished';
  readonly reason: FinishReason;
  readonly environment: string;
  readonly seed: number;
  readonly backend: BackendName;
  readonly workers: number;
  readonly areas: number;
  readonly decisions: number;
  readonly physicsSteps: number;
  readonly seconds: number;
  /** of this session, its start included */
  readonly decisionsPerSecond: number;
  readonly updates: number;
  readonly episodes: number;
  /** of the last 100 episodes, of the policy of several that is furthest behind */
  readonly meanReturn: number | null;
  readonly solved: boolean;
  readonly solvedAtSeconds: number | null;
  readonly solvedAtDecisions: number | null;
  /** null if the run has no store, or if the checkpoint could not be written */
  readonly checkpointPath: string | null;
  /** updates in the store's checkpoint, fewer than `updates` if the last one could not be written; null if there is none */
  readonly savedUpdates: number | null;
  /** what could not be written at the end */
  readonly unwritten: readonly UnwrittenFile[];
  readonly policies: readonly FinishedPolicy[];
}

export type TrainingEvent =
  | StartedEvent
  | UpdateEvent
  | LessonEvent
  | EpisodeEvent
  | CheckpointEvent
  | WarningEvent
  | FinishedEvent;
