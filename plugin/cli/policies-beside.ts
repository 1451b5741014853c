import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AgentsError } from '../core/errors.ts';
import { parsePolicy, readTrainingRecord } from '../policy/policy-file.ts';
import { readInput } from './read-input.ts';
import { UsageError } from './usage-error.ts';

/** A policy file, and which policy it holds. */
export interface FoundPolicy {
  readonly path: string;
  readonly file: Uint8Array;
  readonly name: string;
}

/**
 * The other policies in the folder of a policy file that were trained in its environment, by name: what `train` writes for
 * an environment with several. Throws if two files hold the same one.
 */
export async function findPoliciesBeside(
  { path, name: given }: FoundPolicy,
  environment: string,
): Promise<readonly FoundPolicy[]> {
  const folder = dirname(path);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.safetensors')).sort();
  const all = await Promise.all(names.map((name) => readOf(join(folder, name), environment)));
  const others = all.filter((found) => found !== undefined).filter(({ name }) => name !== given);
  requireDifferent(others);
  return others;
}

/** Throws if two files hold the same policy: an agent is driven by one. */
export function requireDifferent(policies: readonly FoundPolicy[]): void {
  for (const { name } of policies) {
    const paths = policies.filter((policy) => policy.name === name).map(({ path }) => `"${path}"`);
    if (paths.length > 1)
      throw new UsageError(`Policy "${name}" is in ${paths.join(' and ')}. Name one file for each policy.`);
  }
}

/** The policy in a file, if it holds one that was trained in an environment: folders also hold checkpoints and unrelated files. */
async function readOf(path: string, environment: string): Promise<FoundPolicy | undefined> {
  const file = await readInput(path, `File "${path}"`);
  try {
    if (readTrainingRecord(file)?.environment !== environment) return undefined;
    return { path, file, name: parsePolicy(file).spec.name };
  } catch (error) {
    if (AgentsError.is(error)) return undefined;
    throw error;
  }
}
