import * as Comlink from 'comlink';
import { AgentsError } from '../plugin/core/errors.ts';
import { openBackend } from '../plugin/learn/backend.ts';
import { beginWith } from '../plugin/learn/begin-with.ts';
import { createLearnerState } from '../plugin/learn/initialize.ts';
import type { Learner, LearnerState, UpdateRequest, UpdateResult } from '../plugin/learn/learner.ts';
import { createLearner } from '../plugin/learn/ppo-learner.ts';
import type { LearnerRequest, LearnerService, OpenedLearner } from '../plugin/train/worker-protocol.ts';
import { memoryIsShared } from './shared-memory.ts';

/** Serves a learner to a trainer, on the requested backend. */
export class EngineLearnerService implements LearnerService {
  #learner: Learner | undefined;
  #published: PublishedWeights | undefined;

  async open({ spec, settings, seed, backend, state, from }: LearnerRequest): Promise<OpenedLearner> {
    this.#learner?.dispose();
    const { name, reason, createEngine } = await openBackend(backend);
    const fresh = () => createLearnerState(spec, settings, seed);
    const first = state ?? (from ? beginWith(fresh(), spec, from) : fresh());
    this.#learner = createLearner(spec, settings, first, createEngine);
    this.#published = new PublishedWeights(first.weights.length);
    return { backend: name, reason, weights: this.#published.publish(first.weights) };
  }

  async update(request: UpdateRequest): Promise<UpdateResult> {
    const result = await this.#requireOpen().update(request);
    return { ...result, weights: this.#published!.publish(result.weights) };
  }

  state(): LearnerState {
    const state = this.#requireOpen().state();
    return Comlink.transfer(state, [state.firstMoment.buffer as ArrayBuffer, state.secondMoment.buffer as ArrayBuffer]);
  }

  #requireOpen(): Learner {
    if (this.#learner) return this.#learner;
    throw new AgentsError('update() came before open(). Open the learner first.');
  }
}

/**
 * Weights on their way to the rollout workers. Where memory is shared they lie in two buffers that take turns, so that
 * workers may still read those of the update before; else each are handed out as they are.
 */
class PublishedWeights {
  readonly #buffers: readonly Float32Array[];
  #turn = 0;

  /** @param size P */
  constructor(size: number) {
    const shared = () => new Float32Array(new SharedArrayBuffer(4 * size));
    this.#buffers = memoryIsShared() ? [shared(), shared()] : [];
  }

  publish(weights: Float32Array): Float32Array {
    if (this.#buffers.length === 0) return weights;
    const buffer = this.#buffers[this.#turn++ % 2];
    buffer.set(weights);
    return buffer;
  }
}
