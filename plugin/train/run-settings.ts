import { didYouMean } from '../core/did-you-mean.ts';
import { AgentsError, messageOf } from '../core/errors.ts';
import { describeLayout, sameLayout } from '../core/layout.ts';
import { MOST_WEIGHTS } from '../core/limits.ts';
import { isCurriculum } from '../core/parameters.ts';
import type { PolicySpec } from '../policy/policy.ts';
import { findSpecFault } from '../policy/policy-spec.ts';
import { type Checkpoint, readCheckpoint } from './checkpoint.ts';
import type { GuardedStore } from './guarded-store.ts';
import { checkGoal } from './option-schema.ts';
import { CHECKPOINT_FILE, policyFileNames } from './run-store.ts';
import { requireSettings, settingsOfPolicy, type TrainingPreset, type TrainingSettings } from './settings.ts';
import type { TrainingOptions } from './training-options.ts';
import type { EnvironmentDescription } from './worker-protocol.ts';

/** The settings of a run: the environment's, then the caller's; when it resumes, those that it began with. */
export function settingsOf(
  { name, training }: EnvironmentDescription,
  options: TrainingOptions,
  checkpoint: Checkpoint | undefined,
): TrainingSettings {
  const given = explicitSettings(options);
  if (checkpoint) return requireSettings(checkpoint.settings, requireUnchanged(checkpoint.settings, given));
  const preset = requirePreset(name, training);
  const settings = requireSettings(preset, given);
  return { ...settings, workers: Math.min(settings.workers || defaultWorkers(), settings.areas) };
}

/** The checked settings of an environment's preset. */
function requirePreset(environment: string, { until, ...preset }: TrainingPreset): Partial<TrainingSettings> {
  try {
    checkGoal(until);
    requireSettings(preset);
    return preset;
  } catch (error) {
    const why = messageOf(error).replace('[agents] ', '');
    throw new AgentsError(`Environment "${environment}" has an invalid training preset: ${why}`, {
      cause: error,
    });
  }
}

/** One rollout worker for each core, 8 at most. */
function defaultWorkers(): number {
  const os = globalThis.process?.getBuiltinModule?.('node:os'); // Node 20 has no navigator
  return Math.min(os?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 2, 8);
}

/** How many workers a run will most likely have, before the environment's own settings are known. */
export function likelyWorkers({ workers }: TrainingOptions): number {
  return Number.isInteger(workers) && (workers as number) > 0 ? Math.min(workers as number, 64) : defaultWorkers();
}

/**
 * The mean return that ends a run: the caller's; where the caller gave no limit of any kind, the one that the run began
 * with, or the environment's when it begins now.
 */
export function goalOf(
  { training }: EnvironmentDescription,
  { until, maxDecisions, maxSeconds }: TrainingOptions,
  checkpoint: Checkpoint | undefined,
): number | undefined {
  const own = maxDecisions === undefined && maxSeconds === undefined;
  const goal = until ?? (own ? (checkpoint ? checkpoint.goal : training.until) : undefined) ?? Infinity;
  return goal === Infinity ? undefined : goal;
}

/** The entries of the options that are settings. */
export function explicitSettings(options: Partial<TrainingOptions>): Partial<TrainingSettings> {
  const { createWorker, until, maxSeconds, store, resume, from, checkpointSeconds, hold, signal, ...settings } =
    options;
  return settings;
}

/** A resumed run may get another budget and another backend; anything else would make it another run. */
function requireUnchanged(kept: TrainingSettings, given: Partial<TrainingSettings>): Partial<TrainingSettings> {
  const asked = requireSettings(kept, given);
  for (const key of Object.keys(given) as (keyof TrainingSettings)[]) {
    if (given[key] === undefined || key === 'maxDecisions' || key === 'backend') continue;
    if (JSON.stringify(asked[key]) === JSON.stringify(kept[key])) continue;
    throw new AgentsError(
      `This run began with ${key} ${JSON.stringify(kept[key])} and cannot be resumed with ${JSON.stringify(given[key])}. Leave it out, or start another run.`,
    );
  }
  return given;
}

/** The checkpoint that the run resumes from. */
export async function requireCheckpoint(environment: string, store: GuardedStore | undefined): Promise<Checkpoint> {
  if (!store)
    throw new AgentsError('A run can only be resumed from a store. Pass the `store` that holds its checkpoint.');
  const who = `Checkpoint "${store.locate(CHECKPOINT_FILE)}"`;
  const file = await store.read(CHECKPOINT_FILE);
  if (!file) throw new AgentsError(`${who} does not exist. Leave out resume to start a run there.`);
  const checkpoint = readCheckpoint(file, who);
  if (checkpoint.environment !== environment)
    throw new AgentsError(
      `${who} belongs to environment "${checkpoint.environment}", not "${environment}". Name that one, or another run.`,
    );
  return checkpoint;
}

/** The policies of an environment's agents, each with the network of its settings. */
export function specsOf(
  { name: environment, policies, timeStep, decisionPeriod, frames }: EnvironmentDescription,
  settings: TrainingSettings,
): readonly PolicySpec[] {
  const names = policies.map(({ name }) => name);
  requireKnownPolicies(environment, names, settings);
  policyFileNames(names); // says now if names cannot be those of files
  return policies.map(({ name, layout }) => {
    const { hidden, activation, critic, observationClip } = settingsOfPolicy(settings, name);
    const network = { hidden, activation, critic };
    const times = { timeStep, decisionPeriod, ...(frames && { frames }) };
    const spec: PolicySpec = { name, layout, network, observationClip, bounds: 'clip', ...times };
    const fault = findSpecFault(spec, MOST_WEIGHTS);
    if (fault) throw new AgentsError(`Policy "${name}" of environment "${environment}" cannot be trained: ${fault}.`);
    return spec;
  });
}

function requireKnownPolicies(
  environment: string,
  names: readonly string[],
  { policies, parameters }: TrainingSettings,
): void {
  const known = names.map((name) => `"${name}"`).join(', ');
  const unknown = Object.keys(policies).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new AgentsError(
      `Setting "policies.${unknown}" names no policy of environment "${environment}".${didYouMean(unknown, names)} It has: ${known}.`,
    );
  for (const [parameter, setting] of Object.entries(parameters)) {
    if (!isCurriculum(setting)) continue;
    setting.lessons.forEach(({ completion }, i) => {
      if (completion?.policy === undefined || names.includes(completion.policy)) return;
      throw new AgentsError(
        `Setting "parameters.${parameter}.lessons.${i}.completion.policy" is "${completion.policy}", which is no policy of environment "${environment}".${didYouMean(completion.policy, names)} It has: ${known}.`,
      );
    });
  }
}

/** A run resumes only with agents as they were. */
export function requireSameAgents(checkpoint: Checkpoint, now: readonly PolicySpec[]): void {
  const list = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');
  const kept = checkpoint.policies.map(({ spec }) => spec);
  const [names, namesNow] = [kept, now].map((specs) => list(specs.map(({ name }) => name)));
  if (names !== namesNow)
    throw new AgentsError(
      `The checkpoint has policies ${names}, but the agents name ${namesNow}. Name those again, in that order, or start another run.`,
    );
  kept.forEach((spec, p) => {
    const { layout } = now[p];
    if (sameLayout(spec.layout, layout)) return;
    throw new AgentsError(
      `The checkpoint's policy "${spec.name}" ${describeLayout(spec.layout)}, but the agent ${describeLayout(layout)}. Restore the sensors and actuators, or start another run.`,
    );
  });
}
