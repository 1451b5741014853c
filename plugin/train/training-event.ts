import type { LessonStanding } from '../core/parameters.ts';
import type { BackendName } from '../learn/backend.ts';
import type { UpdateStatistics } from '../learn/learner.ts';
import type { PolicySpec } from '../policy/policy.ts';
import type { CompletedLesson } from './curriculum.ts';
import type { TrainingSettings } from './settings.ts';
import type { EpisodeSummary } from './worker-protocol.ts';

/** Training is about to collect its first rollout. */
export interface StartedEvent {
  /** tells events apart */
  readonly kind: 'started';
  /** name of the environment */
  readonly environment: string;
  /** the policies that learn; most environments have one */
  readonly policies: readonly PolicySpec[];
  /** all settings, defaults included */
  readonly settings: TrainingSettings;
  /** mean return of 100 episodes of each policy that ends the run */
  readonly goal: number | null;
  /** number of rollout workers */
  readonly workers: number;
  /** copies of the environment over all workers */
  readonly areas: number;
  /** N over all workers */
  readonly agents: number;
  /** what computes gradients */
  readonly backend: BackendName;
  /** why this backend */
  readonly backendReason: string;
  /** updates that an earlier session had made, if this session resumes its run */
  readonly resumedFrom: number | null;
  /** names of the policies that begin with the weights of a policy file; their critic and optimizer are new */
  readonly from: readonly string[];
  /** decisions and wall-clock seconds of that earlier session */
  readonly decisions: number;
  /** wall-clock seconds of that earlier session */
  readonly seconds: number;
  /** of every parameter with a curriculum, the lesson that it begins in */
  readonly lessons: readonly LessonStanding[];
}

/**
 * Where the wall-clock time since the update before went, in milliseconds; what concerns workers as the mean over them.
 * With `overlap` the rollout is collected while the learner works on the one before.
 */
export interface UpdateTimes {
  /** all of it */
  readonly totalMs: number;
  /** from asking for this update's rollout to having it of every worker */
  readonly rolloutMs: number;
  /** inside Havok's step alone */
  readonly physicsMs: number;
  /** choosing actions */
  readonly policyMs: number;
  /** learning from the rollout */
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
  /** tells events apart */
  readonly kind: 'update';
  /** its name */
  readonly policy: string;
  /** number of this update of the run, from 1 */
  readonly update: number;
  /** totals of the run */
  readonly decisions: number;
  /** physics steps of the run */
  readonly physicsSteps: number;
  /** finished episodes of the run */
  readonly episodes: number;
  /** wall-clock seconds of the run, earlier sessions included */
  readonly seconds: number;
  /** of the last 100 episodes that the policy drove; null before the first one ends */
  readonly meanReturn: number | null;
  /** standard deviation of the same returns */
  readonly returnDeviation: number | null;
  /** decisions, mean of the last 100 episodes */
  readonly episodeLength: number | null;
  /** since the last update */
  readonly decisionsPerSecond: number;
  /** since the last update */
  readonly physicsStepsPerSecond: number;
  /** where the time since the last update went */
  readonly times: UpdateTimes;
  /** of every parameter with a curriculum, the lesson that the next rollout is begun in */
  readonly lessons: readonly LessonStanding[];
  /** [P] the newest policy: `new Policy(spec, weights)` with its spec of `started.policies` */
  readonly weights: Float32Array;
}

/** An agent's episode has ended. */
export interface EpisodeEvent extends EpisodeSummary {
  /** tells events apart */
  readonly kind: 'episode';
  /** decisions of the run when its rollout was over */
  readonly decisions: number;
}

/** A parameter of the environment goes on to its next lesson: episodes begin in it from the next rollout on. */
export interface LessonEvent extends CompletedLesson {
  /** tells events apart */
  readonly kind: 'lesson';
  /** after which this happened */
  readonly update: number;
  /** decisions of the run so far */
  readonly decisions: number;
}

/** The run can be resumed from here. */
export interface CheckpointEvent {
  /** tells events apart */
  readonly kind: 'checkpoint';
  /** number of updates in it */
  readonly update: number;
  /** where the store keeps it */
  readonly checkpointPath: string;
  /** where the store keeps each policy */
  readonly policies: readonly SavedPolicy[];
}

/** Where the store keeps a policy. */
export interface SavedPolicy {
  /** the policy’s name */
  readonly name: string;
  /** null if the run has no store, or if the file could not be written; a warning then says why */
  readonly policyPath: string | null;
}

/** A file that the store of a run did not take. */
export interface UnwrittenFile {
  /** where it would be */
  readonly file: string;
  /** the store’s error */
  readonly reason: string;
}

/** Something went wrong that the run survives. */
export interface WarningEvent {
  /** tells events apart */
  readonly kind: 'warning';
  /** what is wrong and what to do */
  readonly message: string;
}

/** Why a run ended. */
export type FinishReason = 'solved' | 'budget' | 'time' | 'interrupted';

/** A policy of a finished run. */
export interface FinishedPolicy extends SavedPolicy {
  /** of its last 100 episodes */
  readonly meanReturn: number | null;
  /** the policy file's bytes */
  readonly policyFile: Uint8Array;
}

/** The run is over. */
export interface FinishedEvent {
  /** tells events apart */
  readonly kind: 'finished';
  /** why it ended */
  readonly reason: FinishReason;
  /** name of the environment */
  readonly environment: string;
  /** seed of the run */
  readonly seed: number;
  /** what computed gradients */
  readonly backend: BackendName;
  /** number of rollout workers */
  readonly workers: number;
  /** copies of the environment over all workers */
  readonly areas: number;
  /** total decisions */
  readonly decisions: number;
  /** total physics steps */
  readonly physicsSteps: number;
  /** wall-clock seconds, earlier sessions included */
  readonly seconds: number;
  /** of this session, its start included */
  readonly decisionsPerSecond: number;
  /** total updates */
  readonly updates: number;
  /** total finished episodes */
  readonly episodes: number;
  /** of the last 100 episodes, of the policy of several that is furthest behind */
  readonly meanReturn: number | null;
  /** whether the goal was reached */
  readonly solved: boolean;
  /** when the goal was reached; null if it was not */
  readonly solvedAtSeconds: number | null;
  /** decisions until the goal was reached; null if it was not */
  readonly solvedAtDecisions: number | null;
  /** null if the run has no store, or if the checkpoint could not be written */
  readonly checkpointPath: string | null;
  /** updates in the store's checkpoint, fewer than `updates` if the last one could not be written; null if there is none */
  readonly savedUpdates: number | null;
  /** what could not be written at the end */
  readonly unwritten: readonly UnwrittenFile[];
  /** the trained policies */
  readonly policies: readonly FinishedPolicy[];
}

/** What happens in a run; `kind` tells events apart. */
export type TrainingEvent =
  | StartedEvent
  | UpdateEvent
  | LessonEvent
  | EpisodeEvent
  | CheckpointEvent
  | WarningEvent
  | FinishedEvent;
