import { AgentsError } from '../core/errors.ts';
import { MOST_AREAS } from '../core/limits.ts';
import {
  aBoolean,
  aFunction,
  aName,
  anInteger,
  anObject,
  integerBetween,
  integerFrom,
  type OptionRules,
  optional,
  requireOptions,
} from '../core/options.ts';
import type { Parameterized, ParameterValues } from '../core/parameters.ts';
import { readTrainingRecord } from '../policy/policy-file.ts';
import { type CreateWorker, WorkerHandle } from './worker-handle.ts';
import type { EpisodeSummary } from './worker-protocol.ts';

/** Options of {@link evaluate}. */
export interface EvaluationOptions<Of extends Parameterized = Parameterized> {
  /** starts the worker that plays */
  readonly createWorker: CreateWorker;
  /** the one that the policy was trained in, when left out */
  readonly environment?: string;
  /** number of episodes, 100 by default */
  readonly episodes?: number;
  /** seeds the environment and the drawn actions, 0 by default */
  readonly seed?: number;
  /** copies of the environment that play side by side, 64 by default */
  readonly areas?: number;
  /** take the mean and the most likely choices instead of sampling */
  readonly deterministic?: boolean;
  /**
   * of the environment; those that are left out are what its author trains it with in the end: the value of the last lesson
   * where there are lessons, else the environment's own
   */
  readonly parameters?: ParameterValues<Of['parameters']>;
}

/** Returns and lengths over some episodes. */
export interface EpisodeStatistics {
  /** number of episodes */
  readonly episodes: number;
  /** mean return */
  readonly meanReturn: number;
  /** over the episodes as they are, not one less */
  readonly stdReturn: number;
  /** decisions */
  readonly meanLength: number;
  /** lowest return */
  readonly minReturn: number;
  /** highest return */
  readonly maxReturn: number;
}

/** What all episodes came to, and those of each policy: by its name, where it drove one at least. */
export interface EvaluationResult extends EpisodeStatistics {
  /** name of the environment */
  readonly environment: string;
  /** the seed that was used */
  readonly seed: number;
  /** by the policy’s name */
  readonly policies: Readonly<Record<string, EpisodeStatistics>>;
}

/**
 * Plays full episodes in a worker.
 *
 * @param policyFiles a policy file, or one for each policy that the environment's agents name
 */
export async function evaluate<Of extends Parameterized = Parameterized>(
  policyFiles: Uint8Array | readonly Uint8Array[],
  options: EvaluationOptions<Of>,
): Promise<EvaluationResult> {
  const checked: EvaluationOptions = requireOptions('evaluate()', options as EvaluationOptions, RULES);
  const { createWorker, episodes = 100, seed = 0, areas = 64, deterministic = false, parameters = {} } = checked;
  const files = policyFiles instanceof Uint8Array ? [policyFiles] : policyFiles;
  if (files.length === 0) throw new AgentsError('evaluate() was given no policy file. Pass one for each policy.');
  const environment = options.environment ?? readTrainingRecord(files[0])?.environment;
  if (!environment)
    throw new AgentsError('The policy file does not say which environment it was trained in. Name one.');
  const worker = new WorkerHandle('Evaluation worker', createWorker);
  try {
    const request = { environment, policyFiles: files, episodes, areas, seed, deterministic, parameters };
    const played = await worker.call((services) => services.rollout.evaluate(request));
    const names = [...new Set(played.map(({ policy }) => policy))].sort();
    const each = names.map((name) => [name, summarize(played.filter(({ policy }) => policy === name))] as const);
    return { environment, seed, ...summarize(played), policies: Object.fromEntries(each) };
  } finally {
    worker.dispose();
  }
}

const RULES: OptionRules<EvaluationOptions> = {
  createWorker: aFunction,
  environment: optional(aName),
  episodes: optional(integerFrom(1)),
  seed: optional(anInteger),
  areas: optional(integerBetween(1, MOST_AREAS)),
  deterministic: optional(aBoolean),
  parameters: optional(anObject), // the environment knows them
};

function summarize(episodes: readonly EpisodeSummary[]): EpisodeStatistics {
  const returns = episodes.map((episode) => episode.return);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanReturn = mean(returns);
  return {
    episodes: episodes.length,
    meanReturn,
    stdReturn: Math.sqrt(mean(returns.map((value) => (value - meanReturn) ** 2))),
    meanLength: mean(episodes.map((episode) => episode.length)),
    minReturn: returns.reduce((least, value) => Math.min(least, value), Infinity),
    maxReturn: returns.reduce((most, value) => Math.max(most, value), -Infinity),
  };
}
