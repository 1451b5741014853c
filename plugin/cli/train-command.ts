import { readFile } from 'node:fs/promises';
import { AgentsError, messageOf } from '../core/errors.ts';
import type { TrainingSettings } from '../train/settings.ts';
import { train } from '../train/train.ts';
import type { FinishedEvent } from '../train/training-event.ts';
import { inRepository } from './default-worker.ts';
import { requireEnvironmentName } from './environment-name.ts';
import { defaultRunFolder, FolderStore } from './folder-store.ts';
import { interruptible } from './interruptible.ts';
import { prepareNodeWorkers } from './node-workers.ts';
import { ProgressDisplay } from './progress-display.ts';
import { rescuePolicies } from './rescue-policies.ts';
import { UsageError } from './usage-error.ts';

interface TrainFlags {
  readonly seed?: number;
  readonly workers?: number;
  readonly areas?: number;
  readonly backend?: TrainingSettings['backend'];
  /** false for --no-overlap, else true */
  readonly overlap: boolean;
  readonly maxDecisions?: number;
  readonly maxSeconds?: number;
  readonly until?: number;
  readonly parameter?: Readonly<Record<string, number>>;
  readonly run?: string;
  readonly resume?: boolean;
  readonly config?: string;
  readonly worker: string;
  readonly json?: boolean;
}

/** `babylon-agents train [environment]` */
export async function trainCommand(name: string | undefined, flags: TrainFlags): Promise<void> {
  const config = flags.config === undefined ? {} : await readConfig(flags.config);
  const createWorker = await prepareNodeWorkers(flags.worker);
  const environment = await requireEnvironmentName(name, createWorker);
  const store = await FolderStore.open(
    flags.run ?? (await defaultRunFolder(environment, flags.resume ? 'newest' : 'new')),
  );
  if (!flags.resume && (await store.holdsRun())) {
    throw new UsageError(
      `Run folder "${store.folder}" holds a run already. Add --resume to go on with it, or choose another folder.`,
    );
  }
  const { seed, workers, areas, backend, maxDecisions, maxSeconds, until, resume } = flags;
  const parameters = flags.parameter && { ...config.parameters, ...flags.parameter };
  const given = defined({ seed, workers, areas, backend, maxDecisions, parameters });
  const settings = { ...config, ...given, ...(!flags.overlap && { overlap: false }) };
  const options = { ...settings, ...defined({ maxSeconds, until, resume }), createWorker, store };
  const { finished, folder, misplaced } = await rescuePolicies(await follow(environment, options));
  if (folder !== undefined)
    process.stderr.write(`Warning: The policy is in "${folder}" instead. Move it where it will be kept.\n`);
  process.stdout.write(flags.json ? `${JSON.stringify(resultOf(finished))}\n` : farewell(finished, store.folder));
  if (finished.reason === 'interrupted') process.exitCode = 130;
  if (misplaced) process.exitCode = 1;
}

/** Shows the run's events until it ends; the first Ctrl-C ends it with a checkpoint, the second at once. */
async function follow(environment: string, options: Parameters<typeof train>[1]): Promise<FinishedEvent> {
  const display = new ProgressDisplay(process.stderr);
  const show = async (signal: AbortSignal) => {
    for await (const event of train(environment, { ...options, signal })) {
      display.show(event);
      if (event.kind === 'finished') return event;
    }
    throw new AgentsError('Training ended without a result.');
  };
  try {
    return await interruptible(show, () =>
      display.note('Stopping after this update, with a checkpoint. Press Ctrl-C again to stop at once.'),
    );
  } finally {
    display.dispose();
  }
}

async function readConfig(file: string): Promise<Partial<TrainingSettings>> {
  try {
    const config: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof config === 'object' && config !== null && !Array.isArray(config)) return config;
    throw new AgentsError('it holds no object');
  } catch (error) {
    throw new UsageError(
      `Config "${file}" cannot be read: ${messageOf(error)}. It must be a JSON object of training settings.`,
      { cause: error },
    );
  }
}

/** The object without its undefined entries, which would count as given. */
function defined<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function resultOf({ kind: _, policyFile, policies, ...result }: FinishedEvent): object {
  return { ...result, policies: policies.map(({ policyFile: __, ...policy }) => policy) };
}

const REASONS = {
  solved: 'Solved',
  budget: 'Budget used up',
  time: 'Time is up',
  interrupted: 'Stopped',
} as const;

function farewell(finished: FinishedEvent, folder: string): string {
  const { reason, environment, decisions, seconds, policies, savedUpdates } = finished;
  const alone = policies.length === 1;
  const returns = policies.map(
    ({ name, meanReturn }) => `mean return ${alone ? '' : `of ${name} `}${meanReturn?.toFixed(2) ?? 'unknown'}`,
  );
  const reached = `${decisions.toLocaleString('en')} decisions in ${seconds.toFixed(1)} s, ${returns.join(', ')}`;
  const kept = policies.every(({ policy }) => policy !== null);
  const files = policies.map(({ policy }) => policy ?? 'not written').join(' ');
  const command = inRepository()
    ? (name: string) => `npm run ${name} --`
    : (name: string) => `npx babylon-agents ${name}`;
  const lines = [
    `${REASONS[reason]}: ${environment} after ${reached}.`,
    `${alone ? 'Policy:  ' : 'Policies:'}  ${files}`,
  ];
  const uses = [
    `Evaluate:  ${command('evaluate')} ${files} --deterministic`,
    inRepository()
      ? `Play:      npm start, choose ${environment}, and drop the policy ${alone ? 'file' : 'files'} on its page`
      : `Play:      await loadPolicy() with the address that your game serves ${alone ? 'this file' : 'each of these files'} under`,
  ];
  if (kept) lines.push(...uses);
  if (reason !== 'solved' && savedUpdates !== null)
    lines.push(`Go on:     ${command('train')} ${environment} --resume --run ${folder}`);
  return `${lines.join('\n')}\n`;
}
