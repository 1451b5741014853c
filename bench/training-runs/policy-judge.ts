import { Policy, type PolicySpec, writePolicy } from '../../plugin/index.ts';
import { WorkerHandle } from '../../plugin/train/worker-handle.ts';
import type { CreateWorker } from '../../plugin/training.ts';
import { mean } from '../statistics.ts';

/** How a policy is judged while it learns: by episodes that it is not trained on, the same ones each time. */
export interface Judging {
  /** how often, evenly over the budget, and once more at its end */
  readonly times: number;
  readonly episodes: number;
}

/** Seeds the episodes; no run is trained from it. */
const SEED = 4711;

/** Plays whole episodes with the policies of a run, in a worker of its own. */
export class PolicyJudge {
  readonly #environment: string;
  readonly #episodes: number;
  readonly #worker: WorkerHandle;

  constructor(environment: string, episodes: number, createWorker: CreateWorker) {
    this.#environment = environment;
    this.#episodes = episodes;
    this.#worker = new WorkerHandle('Judging worker', createWorker);
  }

  /** The mean return of sampled play, all episodes side by side. */
  async judge(spec: PolicySpec, weights: Float32Array): Promise<number> {
    const played = await this.#worker.call(({ rollout }) =>
      rollout.evaluate({
        environment: this.#environment,
        policyFiles: [writePolicy(new Policy(spec, weights))],
        episodes: this.#episodes,
        areas: this.#episodes,
        seed: SEED,
        deterministic: false,
        parameters: {},
      }),
    );
    return mean(played.map((episode) => episode.return));
  }

  dispose(): void {
    this.#worker.dispose();
  }
}
