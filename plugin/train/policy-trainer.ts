import * as Comlink from 'comlink';
import { AgentsError, messageOf } from '../core/errors.ts';
import { rolloutTransferables } from '../core/rollout.ts';
import { RunningStatistics } from '../core/running-statistics.ts';
import type { LearnerState, UpdateRequest, UpdateResult } from '../learn/learner.ts';
import { Policy, type PolicySpec } from '../policy/policy.ts';
import { type TrainingRecord, writePolicy } from '../policy/policy-file.ts';
import type { WorkerHandle } from './worker-handle.ts';
import type { CollectedPolicy, OpenedLearner } from './worker-protocol.ts';

/**
 * An update could not be made: the GPU was lost, the learner's worker died, or its numbers stopped being finite. The last
 * checkpoint is whole, and another backend may resume from it.
 */
export class LearnerFailed extends AgentsError {}

/** Where in the run an update stands. */
export type UpdatePlace = Pick<UpdateRequest, 'update' | 'remaining'>;

export interface PolicyTrainerParts {
  readonly spec: PolicySpec;
  /** seeds the shuffling of samples */
  readonly seed: number;
  /** whether the policy that acts is always the newest one */
  readonly onPolicy: boolean;
  readonly worker: WorkerHandle;
  readonly opened: OpenedLearner;
}

/** One policy of a run: its learner, in a worker of its own, and its newest weights. */
export class PolicyTrainer {
  readonly spec: PolicySpec;
  readonly opened: OpenedLearner;
  readonly #parts: PolicyTrainerParts;
  #weights: Float32Array;

  constructor(parts: PolicyTrainerParts) {
    this.spec = parts.spec;
    this.opened = parts.opened;
    this.#parts = parts;
    this.#weights = parts.opened.weights;
  }

  /** [P] the newest; where memory is shared, written over when two more were made */
  get weights(): Float32Array {
    return this.#weights;
  }

  /** Learns from one rollout of each worker. Where the policy took no decision in them, it stays and nothing comes back. */
  async learn(collected: readonly CollectedPolicy[], place: UpdatePlace): Promise<UpdateResult | undefined> {
    if (collected.every(({ decisions }) => decisions === 0)) return undefined;
    const { seed, onPolicy, worker } = this.#parts;
    const observed = new RunningStatistics(collected[0].observation.mean.length);
    for (const { observation } of collected) observed.merge(observation);
    const rollouts = collected.map(({ rollout }) => rollout);
    const request = { rollouts, observation: observed.moments(), onPolicy, seed, ...place };
    const result = await worker
      .call((services) => services.learner.update(Comlink.transfer(request, rollouts.flatMap(rolloutTransferables))))
      .catch((error: unknown) => {
        throw new LearnerFailed(messageOf(error), { cause: error });
      });
    this.#weights = result.weights;
    return result;
  }

  /** All that the learner carries to the next update. */
  state(): Promise<LearnerState> {
    return this.#parts.worker.call((services) => services.learner.state());
  }

  /** The newest policy as a file. */
  file(record: TrainingRecord): Uint8Array {
    return writePolicy(new Policy(this.spec, this.#weights), record);
  }

  dispose(): void {
    this.#parts.worker.dispose();
  }
}
