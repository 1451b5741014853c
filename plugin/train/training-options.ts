import type { Parameterized } from '../core/parameters.ts';
import type { RunStore } from './run-store.ts';
import type { TrainingSettings } from './settings.ts';
import type { CreateWorker } from './worker-handle.ts';

/** A run's settings, and what it needs of its surroundings. */
export interface TrainingOptions<Of extends Parameterized = Parameterized> extends Partial<TrainingSettings<Of>> {
  /** starts one worker; called once for each rollout worker and once for the learner */
  readonly createWorker: CreateWorker;
  /**
   * mean return of the last 100 episodes at which the task counts as solved and the run ends; the environment's own where
   * neither this nor another limit is given. Infinity: the run has no goal, whatever the environment's is
   */
  readonly until?: number;
  /** wall-clock seconds of this session after which the run ends */
  readonly maxSeconds?: number;
  /** where the policy and checkpoints go; nothing is kept without one */
  readonly store?: RunStore;
  /** resume from the store's checkpoint */
  readonly resume?: boolean;
  /**
   * a policy file, or one for each of several policies by name: training begins with its weights and its normalizer. Layout,
   * hidden layers, activation and observationClip must be the same. The critic and the optimizer start fresh, since a
   * policy file has neither
   */
  readonly from?: Uint8Array | Readonly<Record<string, Uint8Array>>;
  /** wall-clock seconds between checkpoints, 30 by default */
  readonly checkpointSeconds?: number;
  /**
   * asked after every update. Where it answers with a promise, a checkpoint is written and the run waits for the promise,
   * or for `signal`: what is on its way is finished, then nothing is computed and the run's clock stands. A promise that
   * is resolved already asks for the checkpoint alone.
   */
  readonly hold?: () => Promise<void> | undefined;
  /** ends the run after the current update, with a checkpoint */
  readonly signal?: AbortSignal;
}
