import { AgentsError, messageOf } from '../plugin/core/errors.ts';
import type { Environment } from '../plugin/scene/environment.ts';
import type { TrainingPreset } from '../plugin/train/settings.ts';

/** How to get at one environment, loaded when it is first asked for. */
export interface CatalogEntry {
  environment(): Promise<Environment>;
  /** what its author trains it with, where that differs from the defaults */
  training?(): Promise<TrainingPreset>;
}

/** The environments that a worker knows, by name. */
export type EnvironmentCatalog = Readonly<Record<string, CatalogEntry>>;

/** Loads an environment by name; throws with the names that there are. */
export async function requireEnvironment(catalog: EnvironmentCatalog, name: string): Promise<Environment> {
  const environment = await loadEnvironment(requireEntry(catalog, name), name);
  if (environment.name === name) return environment;
  throw new AgentsError(
    `The catalogue's "${name}" is called "${environment.name}" in its definition. Give both one name.`,
  );
}

async function loadEnvironment(entry: CatalogEntry, name: string): Promise<Environment> {
  try {
    return await entry.environment();
  } catch (error) {
    if (AgentsError.is(error)) throw error; // of defineEnvironment(), which names it
    throw new AgentsError(`Environment "${name}" cannot be loaded: ${messageOf(error)}`, { cause: error });
  }
}

/** The catalogue's entry for a name; throws with the names that there are. */
export function requireEntry(catalog: EnvironmentCatalog, name: string): CatalogEntry {
  if (Object.hasOwn(catalog, name)) return catalog[name];
  throw new AgentsError(`No environment "${name}" in this worker. It has: ${Object.keys(catalog).join(', ')}.`);
}
