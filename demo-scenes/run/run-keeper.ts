import {
  CHECKPOINT_FILE,
  type Checkpoint,
  POLICY_FILE,
  policyFileNames,
  type RunStore,
  readCheckpoint,
} from '../../plugin/training.ts';
import type { PolicyCurves } from './curves.ts';
import type { RunFiles } from './run-files.ts';
import { type RunRecord, readRecord, writeRecord } from './run-record.ts';

/** A run in the store. */
export interface StoredRun {
  readonly checkpoint: Checkpoint;
  /** up to the checkpoint, exactly */
  readonly curves: PolicyCurves;
  /** what else was shown when the checkpoint was written; undefined if that is lost, or was another run's */
  readonly record: RunRecord | undefined;
}

export interface RunKeeperOptions {
  readonly files: RunFiles;
  /** what is shown now, to be saved with the checkpoint */
  readonly record: () => RunRecord | undefined;
  /** called with what could not be written */
  readonly complain: (why: string) => void;
}

/** The checkpoint in the store is damaged, or of another version. */
export class UnreadableRun extends Error {}

/** Records alternate, so that the current checkpoint's record stays until the next checkpoint is complete. */
const RECORD_FILES = ['record-0.bin', 'record-1.bin'] as const;

/**
 * Keeps a run as train() writes it, and beside every checkpoint the record of what was shown. The checkpoint goes last
 * and settles which record counts, so the two agree whatever happens in between. What cannot be written stays in memory:
 * training continues, and the run can still be resumed while the page is open.
 */
export class RunKeeper implements RunStore {
  readonly #options: RunKeeperOptions;
  readonly #unwritten = new Map<string, Uint8Array>();
  /** of the policies of the run */
  readonly #policyFiles = new Set([POLICY_FILE]);
  /** which of RECORD_FILES belongs to the current checkpoint */
  #slot = 0;

  constructor(options: RunKeeperOptions) {
    this.#options = options;
  }

  /** Whether all writes have reached the files. */
  get complete(): boolean {
    return this.#unwritten.size === 0;
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    return this.#unwritten.get(name) ?? this.#options.files.read(name);
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    if (name === CHECKPOINT_FILE) await this.#writeCheckpoint(bytes);
    else {
      this.#policyFiles.add(name);
      await this.#put([[name, bytes]]);
    }
  }

  locate(name: string): string {
    return this.#options.files.locate(name);
  }

  /** The stored run, if any; throws UnreadableRun if it exists but this version cannot resume it. */
  async load(environment: string): Promise<StoredRun | undefined> {
    const file = await this.read(CHECKPOINT_FILE);
    if (!file) return undefined;
    const checkpoint = this.#read(environment, file);
    for (const name of policyFileNames(checkpoint.policies.map(({ spec }) => spec.name))) this.#policyFiles.add(name);
    const { updates, decisions } = checkpoint.progress;
    const records = await Promise.all(RECORD_FILES.map(async (name) => readRecord(await this.read(name))));
    const slot = records.findIndex((record) => record && (record.update?.update ?? 0) === updates);
    this.#slot = Math.max(0, slot);
    const record = records[slot];
    const curves: PolicyCurves = record?.curves ?? new Map();
    for (const ofPolicy of curves.values()) ofPolicy.truncate(decisions);
    return { checkpoint, record, curves };
  }

  /** Replaces the run with a checkpoint from elsewhere. */
  async adopt(checkpoint: Uint8Array): Promise<void> {
    await this.forget();
    await this.#put([[CHECKPOINT_FILE, checkpoint]]);
  }

  /** Makes room for a new run: remains of another must not be mistaken for its own. */
  async begin(): Promise<void> {
    await this.forget().catch((error: unknown) => this.#complain(error));
  }

  async forget(): Promise<void> {
    this.#unwritten.clear();
    await this.#options.files.remove([CHECKPOINT_FILE, ...this.#policyFiles, ...RECORD_FILES]);
  }

  #read(environment: string, file: Uint8Array): Checkpoint {
    try {
      return requireCheckpointOf(environment, file, 'The stored run');
    } catch (error) {
      throw new UnreadableRun((error as Error).message, { cause: error });
    }
  }

  async #writeCheckpoint(checkpoint: Uint8Array): Promise<void> {
    const record = this.#options.record();
    const slot = 1 - this.#slot;
    const files: [string, Uint8Array][] = [[CHECKPOINT_FILE, checkpoint]];
    if (record) files.unshift([RECORD_FILES[slot], writeRecord(record)]);
    await this.#put(files);
    this.#slot = slot;
  }

  /** Writes files one after another; if one fails, the rest are not written, and all of them stay in memory. */
  async #put(files: readonly (readonly [name: string, bytes: Uint8Array])[]): Promise<void> {
    for (const [name, bytes] of files) this.#unwritten.set(name, bytes);
    try {
      for (const [name, bytes] of files) {
        await this.#options.files.write(name, bytes);
        this.#unwritten.delete(name);
      }
    } catch (error) {
      this.#complain(error);
    }
  }

  #complain(error: unknown): void {
    this.#options.complain(error instanceof Error ? error.message : String(error));
  }
}

/** Reads a checkpoint of an environment; `who` names it in errors. */
export function requireCheckpointOf(environment: string, file: Uint8Array, who: string): Checkpoint {
  const checkpoint = readCheckpoint(file, who);
  if (checkpoint.environment === environment) return checkpoint;
  throw new Error(
    `${who} belongs to the environment "${checkpoint.environment}", not to "${environment}". Open it on that environment's page.`,
  );
}
