import type { TrainedWeights } from '../learn/begin-with.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { CurriculumProgress } from './curriculum.ts';
import type { GuardedStore } from './guarded-store.ts';
import type { PolicyTrainer } from './policy-trainer.ts';
import type { RolloutPool } from './rollout-pool.ts';
import type { TrainingSettings } from './settings.ts';
import type { TrainingOptions } from './training-options.ts';
import type { EnvironmentDescription } from './worker-protocol.ts';

/** What a session is made of; openRun() makes it. */
export interface RunParts {
  /** performance.now() when it was asked for */
  readonly began: number;
  readonly options: TrainingOptions;
  readonly store: GuardedStore | undefined;
  /** mean return at which it ends */
  readonly goal: number | undefined;
  readonly description: EnvironmentDescription;
  readonly settings: TrainingSettings;
  readonly curriculum: CurriculumProgress;
  readonly pool: RolloutPool;
  /** of every policy, in the order of the description */
  readonly trainers: readonly PolicyTrainer[];
  readonly warnings: string[];
  /** the trained policies that policies start from, by name */
  readonly trained: ReadonlyMap<string, TrainedWeights>;
  readonly checkpoint: Checkpoint | undefined;
}
