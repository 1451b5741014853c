export { LEARNER_DEFAULTS, type LearnerSettings, OBJECTIVES, type ObjectiveName } from './learn/settings.ts';
export { type Checkpoint, readCheckpoint } from './train/checkpoint.ts';
export type { CompletedLesson } from './train/curriculum.ts';
export { type EvaluationOptions, type EvaluationResult, evaluate } from './train/evaluate.ts';
export { LearnerFailed } from './train/run.ts';
export { CHECKPOINT_FILE, POLICY_FILE, type RunStore } from './train/run-store.ts';
export { requireSettings, TRAINING_DEFAULTS, type TrainingPreset, type TrainingSettings } from './train/settings.ts';
export { train } from './train/train.ts';
export type {
  CheckpointEvent,
  EpisodeEvent,
  FinishedEvent,
  FinishReason,
  LessonEvent,
  StartedEvent,
  TrainingEvent,
  UpdateEvent,
  UpdateTimes,
  WarningEvent,
} from './train/training-event.ts';
export type { TrainingOptions } from './train/training-options.ts';
export type { CreateWorker } from './train/worker-handle.ts';
export type { EnvironmentDescription, EpisodeSummary } from './train/worker-protocol.ts';
