import { blame } from '../plugin/core/callback-error.ts';
import { didYouMean } from '../plugin/core/did-you-mean.ts';
import { AgentsError } from '../plugin/core/errors.ts';
import { type Environment, requireEnvironment as requireSound } from '../plugin/scene/environment.ts';
import type { TrainingPreset } from '../plugin/train/settings.ts';

/** How to get at one environment, loaded when it is first asked for. */
export interface CatalogEntry {
  /** Loads the environment. */
  environment(): Promise<Environment>;
  /** what its author trains it with, where that differs from the defaults */
  training?(): Promise<TrainingPreset>;
}

/** The environments that a worker knows, by name. */
export type EnvironmentCatalog = Readonly<Record<string, CatalogEntry>>;

/** Throws if `catalog` is none: called where a worker exposes it. */
export function requireCatalog(catalog: EnvironmentCatalog): void {
  if (typeof catalog !== 'object' || catalog === null || Array.isArray(catalog))
    throw new AgentsError(
      `exposeEnvironments() was given ${kindOf(catalog)}. Pass an object of entries by name: { roller: { environment: async () => roller } }.`,
    );
  for (const [name, entry] of Object.entries(catalog)) {
    if (typeof entry?.environment !== 'function')
      throw new AgentsError(
        `The catalog's entry "${name}" is ${kindOf(entry)} without environment(). Make it { environment: async () => … }, which returns the result of defineEnvironment().`,
      );
    if (entry.training !== undefined && typeof entry.training !== 'function')
      throw new AgentsError(
        `The catalog's entry "${name}" has a training that is ${kindOf(entry.training)}. Make it a function that returns its settings: training: async () => ({ … }).`,
      );
  }
}

/** Loads an environment by name; throws with the names that there are. */
export async function requireEnvironment(catalog: EnvironmentCatalog, name: string): Promise<Environment> {
  const environment = await loadEnvironment(requireEntry(catalog, name), name);
  if (environment.name === name) {
    requireSound(environment);
    return environment;
  }
  throw new AgentsError(
    `The catalog's "${name}" is called "${environment.name}" in its definition. Give both one name.`,
  );
}

/** What an environment's author trains it with; nothing where the catalog does not say. */
export async function loadPreset(catalog: EnvironmentCatalog, name: string): Promise<TrainingPreset> {
  const entry = requireEntry(catalog, name);
  if (!entry.training) return {};
  const preset: unknown = await callEntry(name, 'training()', () => entry.training?.());
  if (preset === undefined) return {};
  if (typeof preset === 'object' && preset !== null && !Array.isArray(preset)) return preset;
  throw new AgentsError(
    `training() of the catalog's entry "${name}" gave ${kindOf(preset)}. Return an object of training settings, such as { horizon: 64 }.`,
  );
}

async function loadEnvironment(entry: CatalogEntry, name: string): Promise<Environment> {
  const loaded: unknown = await callEntry(name, 'environment()', () => entry.environment());
  const fault = findFault(loaded);
  if (fault) throw new AgentsError(`environment() of the catalog's entry "${name}" gave ${fault}`);
  return loaded as Environment;
}

async function callEntry(name: string, what: string, call: () => unknown): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    throw blame(error, { what: `${what} of the catalog's entry "${name}"` });
  }
}

/** What is wrong with what an entry gave as an environment, and what to do. */
function findFault(loaded: unknown): string | undefined {
  if (typeof loaded !== 'object' || loaded === null)
    return `${kindOf(loaded)}. Return the result of defineEnvironment(…).`;
  if (Object.prototype.toString.call(loaded) === '[object Module]') {
    const names = Object.keys(loaded);
    return `a module, whose exports are ${names.join(', ') || 'none'}. Return one of them, such as module.${names[0] ?? 'environment'}.`;
  }
  const { name, build, timeStep, decisionPeriod, maxDecisions } = loaded as Partial<Environment>;
  const whole = [timeStep, decisionPeriod, maxDecisions].every((value) => typeof value === 'number');
  if (typeof name === 'string' && typeof build === 'function' && whole) return undefined;
  return `an object that defineEnvironment() did not make, with ${Object.keys(loaded).join(', ') || 'nothing in it'}. Return the result of defineEnvironment(…).`;
}

/** For people: what a value is. */
function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'function') return 'a function';
  return typeof value === 'object' ? 'an object' : JSON.stringify(value);
}

/** The catalog's entry for a name; throws with the names that there are. */
export function requireEntry(catalog: EnvironmentCatalog, name: string): CatalogEntry {
  if (Object.hasOwn(catalog, name)) return catalog[name];
  const names = Object.keys(catalog);
  throw new AgentsError(
    `No environment "${name}" in this worker.${didYouMean(name, names)} It has: ${names.join(', ')}.`,
  );
}
