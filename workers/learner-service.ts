import * as Comlink from 'comlink';
import { AgentsError } from '../plugin/core/errors.ts';
import { openBackend } from '../plugin/learn/backend.ts';
import { createLearnerState } from '../plugin/learn/initialise.ts';
import type { Learner, LearnerState, UpdateRequest, UpdateResult } from '../plugin/learn/learner.ts';
import { createLearner } from '../plugin/learn/ppo-learner.ts';
import { createTfjsEngine } from '../plugin/learn/tfjs/engine.ts';
import type { LearnerRequest, LearnerService, OpenedLearner } from '../plugin/train/worker-protocol.ts';

/** Serves a TensorFlow.js learner to a trainer. */
export class TfjsLearnerService implements LearnerService {
  #learner: Learner | undefined;

  async open({ spec, settings, seed, backend, wasmPaths, state }: LearnerRequest): Promise<OpenedLearner> {
    this.#learner?.dispose();
    const opened = await openBackend(backend, wasmPaths ? { wasmPaths } : {});
    const first = state ?? createLearnerState(spec, settings, seed);
    this.#learner = createLearner(spec, settings, first, createTfjsEngine);
    return { backend: opened.name, reason: opened.reason, parameters: first.parameters };
  }

  update(request: UpdateRequest): Promise<UpdateResult> {
    return this.#requireOpen().update(request);
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
