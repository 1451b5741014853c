/** Where a run keeps its files: a folder in Node, a place in the browser's storage in a page. */
export interface RunStore {
  /** The bytes of a file, or nothing when there is none. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Puts a file in place whole: a reader sees the old bytes or the new ones, whatever happens in between. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** For people: where a file lies. */
  locate(name: string): string;
}

/** The policy of a run that has but one. */
export const POLICY_FILE = 'policy.safetensors';
export const CHECKPOINT_FILE = 'checkpoint.safetensors';

/** The file of each policy of a run: of several, each under its own name. */
export function policyFilesOf(policies: readonly string[]): readonly string[] {
  return policies.length === 1 ? [POLICY_FILE] : policies.map((name) => `${name}.safetensors`);
}
