import { AgentsError } from '../core/errors.ts';
import { fileName } from '../core/names.ts';

/** Where a run keeps its files: a folder in Node, a place in the browser's storage in a page. */
export interface RunStore {
  /** The bytes of a file, or nothing when there is none. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Replaces a file atomically: a reader sees the old bytes or the new ones, even after a crash. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Where a file is, for people. */
  locate(name: string): string;
}

/** The policy of a run that has but one. */
export const POLICY_FILE = 'policy.safetensors';
/** The checkpoint of a run. */
export const CHECKPOINT_FILE = 'checkpoint.safetensors';

/** The file of each policy of a run: of several, each under its own name. Throws if a name cannot be that of a file beside the others. */
export function policyFileNames(policies: readonly string[]): readonly string[] {
  if (policies.length === 1) return [POLICY_FILE];
  policies.forEach((name, p) => {
    checkFileName(name);
    const twin = policies.slice(0, p).find((other) => other.toLowerCase() === name.toLowerCase());
    if (twin !== undefined)
      throw new AgentsError(
        `Policies "${twin}" and "${name}" differ only in case, so many systems would treat their files as one. Rename one of them.`,
      );
  });
  return policies.map((name) => `${name}.safetensors`);
}

function checkFileName(name: string): void {
  const plain = /^[a-zA-Z0-9][\w-]*$/.test(name) && `${name}.safetensors`.toLowerCase() !== CHECKPOINT_FILE;
  if (!plain)
    throw new AgentsError(
      `Policy "${name}" has an invalid name for one of several: its file would be "${name}.safetensors". Use letters, digits and hyphens, but not "checkpoint".`,
    );
  const must = fileName(name);
  if (must) throw new AgentsError(`Policy "${name}" has an invalid name for one of several. Its name must be ${must}.`);
}
