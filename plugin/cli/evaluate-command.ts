import { readTrainingRecord } from '../policy/policy-file.ts';
import { evaluate } from '../train/evaluate.ts';
import { requireEnvironmentName } from './environment-name.ts';
import { prepareNodeWorkers } from './node-workers.ts';
import { readInput } from './read-input.ts';

interface EvaluateFlags {
  readonly environment?: string;
  readonly episodes: number;
  readonly seed: number;
  readonly areas: number;
  readonly deterministic?: boolean;
  readonly parameter?: Readonly<Record<string, number>>;
  readonly worker: string;
  readonly json?: boolean;
}

/** `babylon-agents evaluate <policy file>` */
export async function evaluateCommand(path: string, flags: EvaluateFlags): Promise<void> {
  const who = `Policy file "${path}"`;
  const policy = await readInput(path, who);
  const trainedIn = readTrainingRecord(policy, who)?.environment;
  const createWorker = await prepareNodeWorkers(flags.worker);
  const environment = await requireEnvironmentName(flags.environment ?? trainedIn, createWorker);
  const { episodes, seed, areas, deterministic = false, parameter: parameters = {} } = flags;
  const { environment: name, ...result } = await evaluate(policy, {
    createWorker,
    environment,
    episodes,
    seed,
    areas,
    deterministic,
    parameters,
  });
  const { meanReturn, stdReturn, meanLength, minReturn, maxReturn } = result;
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ environment: name, policy: path, ...result, deterministic })}\n`
      : `${name}, ${result.episodes} episodes, seed ${seed}${deterministic ? ', deterministic' : ''}: mean return ${meanReturn.toFixed(2)} ± ${stdReturn.toFixed(2)} (${minReturn.toFixed(2)} … ${maxReturn.toFixed(2)}), mean length ${meanLength.toFixed(1)} decisions.\n`,
  );
}
