import { parsePolicy, readTrainingRecord } from '../policy/policy-file.ts';
import { type EpisodeStatistics, evaluate } from '../train/evaluate.ts';
import { type CreateWorker, WorkerHandle } from '../train/worker-handle.ts';
import { compareActions } from './compare-actions.ts';
import { requireEnvironmentName } from './environment-name.ts';
import { prepareNodeWorkers } from './node-workers.ts';
import { type FoundPolicy, findPoliciesBeside, requireDifferent } from './policies-beside.ts';
import { readInput } from './read-input.ts';
import { WorkerOutput } from './worker-output.ts';

interface EvaluateFlags {
  readonly environment?: string;
  readonly episodes: number;
  readonly seed: number;
  readonly areas: number;
  readonly deterministic?: boolean;
  readonly parameter?: Readonly<Record<string, number>>;
  readonly worker: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** `babylon-agents evaluate <policy files...>` */
export async function evaluateCommand(paths: readonly string[], flags: EvaluateFlags): Promise<void> {
  const named = await Promise.all(paths.map(readPolicy));
  requireDifferent(named);
  const output = new WorkerOutput(flags.verbose);
  try {
    const createWorker = await prepareNodeWorkers(flags.worker, output);
    await play(named, flags, createWorker);
  } finally {
    output.close();
  }
}

/** Plays with one or several policies, with both kinds of actions at once, each in its own thread. */
async function play(named: readonly FoundPolicy[], flags: EvaluateFlags, createWorker: CreateWorker): Promise<void> {
  const trainedIn = named.map(({ file, path }) => readTrainingRecord(file, `Policy file "${path}"`)?.environment);
  const environment = await requireEnvironmentName(flags.environment ?? trainedIn.find(Boolean), createWorker);
  const all = named.length === 1 ? await withOthers(named[0], environment, createWorker) : named;
  const { episodes, seed, areas, deterministic = false, parameter: parameters = {} } = flags;
  const options = { createWorker, environment, episodes, seed, areas, deterministic, parameters };
  const files = all.map(({ file }) => file);
  const [{ environment: name, policies, ...result }, other] = await Promise.all([
    evaluate(files, options),
    evaluate(files, { ...options, deterministic: !deterministic }),
  ]);
  const several = all.length > 1;
  if (flags.json) {
    const { environment: _, seed: __, ...statistics } = other;
    const compared = { deterministic: !deterministic, ...statistics };
    const policyPaths = all.map(({ path }) => path);
    const answer = { environment: name, policyPaths, ...result, policies, deterministic, compared };
    return void process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  const how = `seed ${seed}${deterministic ? ', deterministic' : ''}`;
  process.stdout.write(`${name}, ${result.episodes} episodes, ${how}: ${describe(result)}.\n`);
  if (!several) return void process.stdout.write(`${compareActions(result, other, deterministic)}\n`);
  for (const [policy, own] of Object.entries(policies)) {
    const compared = other.policies[policy] && compareActions(own, other.policies[policy], deterministic);
    process.stdout.write(`  ${policy}, ${own.episodes} episodes: ${describe(own)}.${compared ? ` ${compared}` : ''}\n`);
  }
}

async function readPolicy(path: string): Promise<FoundPolicy> {
  const who = `Policy file "${path}"`;
  const file = await readInput(path, who);
  return { path, file, name: parsePolicy(file, who).spec.name };
}

/** A policy and, if the environment has several, the others in the folder of its file. */
async function withOthers(
  policy: FoundPolicy,
  environment: string,
  createWorker: CreateWorker,
): Promise<readonly FoundPolicy[]> {
  const beside = await findPoliciesBeside(policy, environment);
  if (beside.length === 0) return [policy];
  const names = await policiesOf(environment, createWorker);
  return [policy, ...beside.filter(({ name }) => names.includes(name))];
}

async function policiesOf(environment: string, createWorker: CreateWorker): Promise<readonly string[]> {
  const worker = new WorkerHandle('Worker', createWorker);
  try {
    const [{ policies }] = await worker.call((services) => services.rollout.describe([environment]));
    return policies.map(({ name }) => name);
  } finally {
    worker.dispose();
  }
}

function describe({ meanReturn, stdReturn, meanLength, minReturn, maxReturn }: EpisodeStatistics): string {
  return `mean return ${meanReturn.toFixed(2)} ± ${stdReturn.toFixed(2)} (${minReturn.toFixed(2)} … ${maxReturn.toFixed(2)}), mean length ${meanLength.toFixed(1)} decisions`;
}
