import { readTrainingRecord } from '../policy/policy-file.ts';
import { type EpisodeStatistics, evaluate } from '../train/evaluate.ts';
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

/** `babylon-agents evaluate <policy files...>` */
export async function evaluateCommand(paths: readonly string[], flags: EvaluateFlags): Promise<void> {
  const files: Uint8Array[] = [];
  let trainedIn: string | undefined;
  for (const path of paths) {
    const who = `Policy file "${path}"`;
    const file = await readInput(path, who);
    files.push(file);
    trainedIn ??= readTrainingRecord(file, who)?.environment;
  }
  const createWorker = await prepareNodeWorkers(flags.worker);
  const environment = await requireEnvironmentName(flags.environment ?? trainedIn, createWorker);
  const { episodes, seed, areas, deterministic = false, parameter: parameters = {} } = flags;
  const options = { createWorker, environment, episodes, seed, areas, deterministic, parameters };
  const { environment: name, policies, ...result } = await evaluate(files, options);
  const given = { policy: paths[0], ...(paths.length > 1 && { files: paths }) };
  if (flags.json)
    return void process.stdout.write(
      `${JSON.stringify({ environment: name, ...given, ...result, policies, deterministic })}\n`,
    );
  const how = `seed ${seed}${deterministic ? ', deterministic' : ''}`;
  process.stdout.write(`${name}, ${result.episodes} episodes, ${how}: ${describe(result)}.\n`);
  if (paths.length === 1) return;
  for (const [policy, own] of Object.entries(policies))
    process.stdout.write(`  ${policy}, ${own.episodes} episodes: ${describe(own)}.\n`);
}

function describe({ meanReturn, stdReturn, meanLength, minReturn, maxReturn }: EpisodeStatistics): string {
  return `mean return ${meanReturn.toFixed(2)} ± ${stdReturn.toFixed(2)} (${minReturn.toFixed(2)} … ${maxReturn.toFixed(2)}), mean length ${meanLength.toFixed(1)} decisions`;
}
