import { AgentsError } from '../core/errors.ts';
import type { ParameterValues } from '../core/parameters.ts';
import { readTrainingRecord } from '../policy/policy-file.ts';
import { type CreateWorker, WorkerHandle } from './worker-handle.ts';
import type { EpisodeSummary } from './worker-protocol.ts';

export interface EvaluationOptions {
  readonly createWorker: CreateWorker;
  /** the one that the policy was trained in, when left out */
  readonly environment?: string;
  readonly episodes?: number;
  readonly seed?: number;
  /** copies of the environment that play side by side */
  readonly areas?: number;
  /** take the mean and the likeliest choices instead of drawing */
  readonly deterministic?: boolean;
  /**
   * of the environment; those that are left out are what its author trains it with in the end: the value of the last lesson
   * where there are lessons, else the environment's own
   */
  readonly parameters?: ParameterValues;
}

/** Returns and lengths over some episodes. */
export interface EvaluationResult {
  readonly environment: string;
  readonly episodes: number;
  readonly seed: number;
  readonly meanReturn: number;
  /** over the episodes as they are, not one less */
  readonly stdReturn: number;
  /** decisions */
  readonly meanLength: number;
  readonly minReturn: number;
  readonly maxReturn: number;
}

/** Plays whole episodes with a policy file in a worker. */
export async function evaluate(policy: Uint8Array, options: EvaluationOptions): Promise<EvaluationResult> {
  const { createWorker, episodes = 100, seed = 0, areas = 64, deterministic = false, parameters = {} } = options;
  const environment = options.environment ?? readTrainingRecord(policy)?.environment;
  if (!environment)
    throw new AgentsError('The policy file does not say which environment it was trained in. Name one.');
  const worker = new WorkerHandle('Evaluation worker', createWorker);
  try {
    const request = { environment, policy, episodes, areas, seed, deterministic, parameters };
    return summarise(environment, seed, await worker.call((services) => services.rollout.evaluate(request)));
  } finally {
    worker.dispose();
  }
}

function summarise(environment: string, seed: number, episodes: readonly EpisodeSummary[]): EvaluationResult {
  const returns = episodes.map((episode) => episode.return);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanReturn = mean(returns);
  return {
    environment,
    episodes: episodes.length,
    seed,
    meanReturn,
    stdReturn: Math.sqrt(mean(returns.map((value) => (value - meanReturn) ** 2))),
    meanLength: mean(episodes.map((episode) => episode.length)),
    minReturn: Math.min(...returns),
    maxReturn: Math.max(...returns),
  };
}
