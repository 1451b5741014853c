import { existsSync } from 'node:fs';
import { AgentsError, messageOf } from '../core/errors.ts';
import { parsePolicy } from '../policy/policy-file.ts';
import { addSetting } from '../train/parse-setting.ts';
import { CHECKPOINT_FILE } from '../train/run-store.ts';
import type { TrainingSettings } from '../train/settings.ts';
import { train } from '../train/train.ts';
import type { FinishedEvent, StartedEvent } from '../train/training-event.ts';
import type { TrainingOptions } from '../train/training-options.ts';
import { requireEnvironmentName } from './environment-name.ts';
import { describeFinished } from './farewell.ts';
import { FolderStore, newestRunFolder } from './folder-store.ts';
import { interruptible } from './interruptible.ts';
import { prepareNodeWorkers } from './node-workers.ts';
import { requireDifferent } from './policies-beside.ts';
import { ProgressDisplay } from './progress-display.ts';
import { readInput, readText } from './read-input.ts';
import { rescuePolicies } from './rescue-policies.ts';
import { UsageError } from './usage-error.ts';
import { WorkerOutput } from './worker-output.ts';

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
  /** of the form name=value */
  readonly set?: readonly string[];
  /** policy files, with the name of a policy before some */
  readonly from?: readonly string[];
  readonly worker: string;
  /** whether the command line names the worker file */
  readonly workerGiven?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** `babylon-agents train [environment]` */
export async function trainCommand(name: string | undefined, flags: TrainFlags): Promise<void> {
  const config = flags.config === undefined ? {} : await readConfig(flags.config);
  refuseCodeOptions(`Config "${flags.config}"`, config);
  const settings = (flags.set ?? []).reduce<Partial<TrainingSettings>>(
    (before, text) => addSetting(text, before),
    config,
  );
  refuseCodeOptions('--set', settings);
  const from = await readPolicies(flags);
  const output = new WorkerOutput(flags.verbose);
  const createWorker = await prepareNodeWorkers(flags.worker, output);
  const environment = await requireEnvironmentName(name, createWorker);
  const store = await openStore(environment, flags);
  try {
    if (!flags.resume) await requireUnused(store);
    await follow(
      environment,
      { ...optionsOf(flags, settings), ...defined({ from }), createWorker, store },
      output,
      flags,
    );
  } finally {
    store.release();
  }
}

async function openStore(environment: string, { run, resume }: TrainFlags): Promise<FolderStore> {
  if (run !== undefined) return FolderStore.open(run);
  return resume ? FolderStore.open(await newestRunFolder(environment)) : FolderStore.create(environment);
}

/** A new run would overwrite the files in the folder. */
async function requireUnused(store: FolderStore): Promise<void> {
  const files = await store.files();
  if (files.includes(CHECKPOINT_FILE))
    throw new UsageError(
      `Run folder "${store.folder}" already holds a run. Add --resume to resume it, or choose another folder.`,
    );
  if (files.length > 0)
    throw new UsageError(
      `Run folder "${store.folder}" holds ${files.join(', ')}, and training would write its own files there. Choose another folder with --run.`,
    );
}

function optionsOf(flags: TrainFlags, config: Partial<TrainingSettings>): Omit<TrainingOptions, 'createWorker'> {
  const { seed, workers, areas, backend, maxDecisions, maxSeconds, until, resume } = flags;
  const parameters = flags.parameter && { ...config.parameters, ...flags.parameter };
  const given = defined({ seed, workers, areas, backend, maxDecisions, parameters });
  const settings = { ...config, ...given, ...(!flags.overlap && { overlap: false }) };
  return { ...settings, ...defined({ maxSeconds, until, resume }) };
}

/**
 * Shows the run's events until it ends, then how to resume it. It ends with a checkpoint at the first Ctrl-C, or
 * when the terminal or the reader of the output is gone.
 */
async function follow(
  environment: string,
  options: TrainingOptions & { readonly store: FolderStore },
  output: WorkerOutput,
  { json, workerGiven, worker }: TrainFlags,
): Promise<void> {
  const display = new ProgressDisplay(process.stderr);
  output.print = (line) => display.note(line);
  let exitCode = 0;
  let started: StartedEvent | undefined;
  let finished: FinishedEvent | undefined;
  const show = async (signal: AbortSignal) => {
    for await (const event of train(environment, { ...options, signal })) {
      display.show(event);
      if (event.kind === 'started') started = event;
      if (event.kind === 'finished') finished = event;
    }
  };
  const stopping = (code: number) => {
    exitCode = code;
    if (!started) process.exit(code); // nothing was trained yet, and opening may take long
    display.note('Stopping after this update, with a checkpoint. Press Ctrl-C again to stop at once.');
  };
  try {
    await interruptible(show, stopping);
  } finally {
    display.dispose();
    output.close();
  }
  if (!started || !finished) throw new AgentsError('Training ended without a result.');
  const rescued = await rescuePolicies(finished);
  if (rescued.folder !== undefined)
    process.stderr.write(`Warning: The policy is in "${rescued.folder}" instead. Move it to a permanent folder.\n`);
  const place = { folder: options.store.folder, worker: workerGiven ? worker : undefined };
  process.stdout.write(
    json ? `${JSON.stringify(resultOf(rescued.finished))}\n` : describeFinished(rescued.finished, started, place),
  );
  if (finished.reason === 'interrupted') process.exitCode = exitCode;
  if (rescued.misplaced) process.exitCode = 1;
}

/** Bytes. No settings are longer; a device or a wrong file may be. */
const MOST_CONFIG = 10e6;

/** The policy files to begin with: one as it is, or those of several policies by name. */
async function readPolicies({ from = [], resume }: TrainFlags): Promise<TrainingOptions['from']> {
  if (resume && from.length > 0)
    throw new UsageError('--resume and --from cannot be combined. Leave out --from to resume the run.');
  const read = await Promise.all(from.map(readPolicy));
  if (read.length === 1 && read[0].given === undefined) return read[0].file;
  const named = read.map(({ given, own, ...found }) => ({ ...found, name: given ?? own }));
  requireDifferent(named);
  return named.length === 0 ? undefined : Object.fromEntries(named.map(({ name, file }) => [name, file]));
}

/** A policy file and its policy: `striker=runs/duel-1/striker.safetensors`, or the file alone. */
async function readPolicy(text: string) {
  const at = existsSync(text) ? -1 : text.indexOf('=');
  const path = text.slice(at + 1);
  const who = `Policy file "${path}"`;
  const file = await readInput(path, who);
  return { path, file, given: at > 0 ? text.slice(0, at) : undefined, own: parsePolicy(file, who).spec.name };
}

async function readConfig(file: string): Promise<Partial<TrainingSettings>> {
  try {
    const config: unknown = JSON.parse(await readText(file, MOST_CONFIG));
    if (typeof config === 'object' && config !== null && !Array.isArray(config)) return config;
    throw new AgentsError('it holds no object');
  } catch (error) {
    throw new UsageError(
      `Config "${file}" cannot be read: ${messageOf(error)}. It must be a JSON object of training settings.`,
      { cause: error },
    );
  }
}

/** Throws if a config has options that only code can pass to train(), or that are flags. */
function refuseCodeOptions(who: string, config: object): void {
  const stray = ['createWorker', 'store', 'resume', 'from', 'hold', 'signal'].find((name) => name in config);
  if (stray === undefined) return;
  throw new UsageError(
    `${who} has "${stray}", which is not a setting. Leave it out${stray === 'resume' || stray === 'from' ? `, and pass --${stray}` : ''}.`,
  );
}

/** The object without its undefined entries, which would count as set. */
function defined<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function resultOf({ kind: _, policies, ...result }: FinishedEvent): object {
  return { ...result, policies: policies.map(({ policyFile: _policyFile, ...policy }) => policy) };
}
