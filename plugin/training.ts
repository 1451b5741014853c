/**
 * Training and evaluation: the loop, its settings, events and checkpoints. Loads no Babylon.
 *
 * @module
 */

export type { BackendName } from './learn/backend.ts';
export type { MirroredActuator, MirroredSensor, MirrorImage } from './learn/mirror.ts';
export { LEARNER_DEFAULTS, type LearnerSettings, OBJECTIVES, type ObjectiveName } from './learn/settings.ts';
export { type Checkpoint, readCheckpoint } from './train/checkpoint.ts';
export type { PolicyCheckpoint } from './train/checkpoint-policy.ts';
export type { CompletedLesson } from './train/curriculum.ts';
export { type EpisodeStatistics, type EvaluationOptions, type EvaluationResult, evaluate } from './train/evaluate.ts';
export { LearnerFailed } from './train/policy-trainer.ts';
export { CHECKPOINT_FILE, POLICY_FILE, policyFileNames, type RunStore } from './train/run-store.ts';
export {
  type PolicySettings,
  requireSettings,
  TRAINING_DEFAULTS,
  type TrainingPreset,
  type TrainingSettings,
} from './train/settings.ts';
export { train } from './train/train.ts';
export type {
  CheckpointEvent,
  EpisodeEvent,
  FinishedEvent,
  FinishedPolicy,
  FinishReason,
  LessonEvent,
  SavedPolicy,
  StartedEvent,
  TrainingEvent,
  UnwrittenFile,
  UpdateEvent,
  UpdateTimes,
  WarningEvent,
} from './train/training-event.ts';
export type { TrainingOptions } from './train/training-options.ts';
export type { CreateWorker } from './train/worker-handle.ts';
export type { EnvironmentDescription, EpisodeSummary, PolicyDescription } from './train/worker-protocol.ts';
