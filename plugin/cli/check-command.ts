import { describeLayout } from '../core/layout.ts';
import { type CheckedCost, type CheckedPolicy, type CheckReport, checkEnvironment } from '../train/check.ts';
import { type CreateWorker, WorkerHandle } from '../train/worker-handle.ts';
import { requireEnvironmentName } from './environment-name.ts';
import { prepareNodeWorkers } from './node-workers.ts';
import { WorkerOutput } from './worker-output.ts';

/** A name and a text. */
type Fact = readonly [name: string, text: string];

/** At most this many indices of a sensor are listed one by one. */
const MOST_INDICES = 4;

/** `babylon-agents check [environment]`; without one, all. The exit code is 1 if something is odd. */
export async function checkCommand(
  environment: string | undefined,
  flags: { readonly worker: string; readonly json?: boolean; readonly verbose?: boolean },
): Promise<void> {
  const output = new WorkerOutput(flags.verbose);
  const createWorker = await prepareNodeWorkers(flags.worker, output);
  const all = environment === undefined;
  const names = all ? await namesOf(createWorker) : [await requireEnvironmentName(environment, createWorker)];
  const reports: CheckReport[] = [];
  for (const name of names) {
    const report = await checkEnvironment(name, createWorker);
    if (!flags.json) process.stdout.write(`${reports.length > 0 ? '\n' : ''}${print(report)}`);
    reports.push(report);
  }
  output.close();
  if (flags.json) process.stdout.write(`${JSON.stringify({ environments: reports.map(toJson) })}\n`);
  if (reports.some(({ oddities }) => oddities.length > 0)) process.exitCode = 1;
}

async function namesOf(createWorker: CreateWorker): Promise<readonly string[]> {
  const worker = new WorkerHandle('Worker', createWorker);
  try {
    return await worker.call((services) => services.rollout.names());
  } finally {
    worker.dispose();
  }
}

function toJson({ environment, policies, cost, oddities }: CheckReport): object {
  return { environment, policies, cost, oddities };
}

/** One line per fact, then the oddities. */
function print({ environment, description, policies, cost, oddities }: CheckReport): string {
  const lines = [environment];
  const add = (name: string, text: string) => lines.push(`  ${name.padEnd(9)}${text}`);
  if (description) {
    const { timeStep, decisionPeriod, maxDecisions, spacing } = description;
    const steps = `steps of ${round(timeStep)} s, a decision every ${decisionPeriod}, episodes of up to ${maxDecisions}`;
    add('scene', `${spacing === null ? 'its own' : 'areas in a shared world'}; ${steps}`);
  }
  for (const policy of policies)
    for (const [name, text] of describePolicy(policy, policies.length > 1)) add(name, text);
  if (cost) for (const [name, text] of describeCost(cost)) add(name, text);
  if (oddities.length === 0) lines.push('  Nothing odd was found.');
  else lines.push(oddities.length === 1 ? '  One thing is odd:' : `  ${oddities.length} things are odd:`);
  for (const oddity of oddities) lines.push(`  - ${oddity}`);
  return `${lines.join('\n')}\n`;
}

function describePolicy(policy: CheckedPolicy, several: boolean): readonly Fact[] {
  const { name, layout, agents, constant, reward, episodes, return: returns } = policy;
  const who = `${several ? `policy "${name}", ` : ''}${agents.length} an area`;
  const facts: Fact[] = [['agents', `${who}: ${describeLayout(layout)}`]];
  if (constant.length > 0) facts.push(['same', `${constant.map(describeConstant).join('; ')} so far`]);
  const ended = returns ? `; ${episodes} episodes returned ${round(returns.least)} to ${round(returns.most)}` : '';
  if (reward) facts.push(['rewards', `${round(reward.least)} to ${round(reward.most)} a decision${ended}`]);
  return facts;
}

/** `rays 3, 4`, or `21 of the 105 floats of rays`. */
function describeConstant({ sensor, size, indices }: CheckedPolicy['constant'][number]): string {
  if (indices.length <= MOST_INDICES) return `${sensor} ${indices.join(', ')}`;
  return `${indices.length} of the ${size} floats of ${sensor}`;
}

function describeCost(cost: CheckedCost): readonly Fact[] {
  const { areas, decisionsPerSecond, physics, megabytes } = cost;
  const speed = Math.round(decisionsPerSecond).toLocaleString('en-US');
  const share = `${Math.round(100 * physics)} % of it physics`;
  const facts: Fact[] = [['speed', `${speed} decisions/s in one worker of ${areas} areas, ${share}`]];
  return megabytes === null ? facts : [...facts, ['memory', `about ${Math.max(0.1, megabytes).toFixed(1)} MB an area`]];
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
