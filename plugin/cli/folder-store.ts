import { existsSync, rmdirSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AgentsError, messageOf } from '../core/errors.ts';
import { environmentName } from '../core/names.ts';
import { CHECKPOINT_FILE, type RunStore } from '../train/run-store.ts';
import { removeLeftovers, writeAtomically } from './atomic-file.ts';
import { FolderClaim } from './folder-claim.ts';

/**
 * Keeps a run's files in a folder, which no other process can open meanwhile. Each file is written completely or not at
 * all, even if the process is killed.
 */
export class FolderStore implements RunStore {
  readonly folder: string;
  readonly #claim: FolderClaim;
  /** the outermost folder that was made for the run */
  readonly #made: string | undefined;

  private constructor(claim: FolderClaim, made: string | undefined) {
    this.folder = claim.folder;
    this.#claim = claim;
    this.#made = made;
    if (open.size === 0) process.on('exit', releaseAll);
    open.add(this);
  }

  /** Makes the folder if there is none, and takes it. Throws if another run has it or nothing can be written there. */
  static async open(folder: string): Promise<FolderStore> {
    try {
      return await FolderStore.#take(folder, await mkdir(folder, { recursive: true }));
    } catch (error) {
      throw describeRefusal(folder, error);
    }
  }

  /** A new folder for a run: `<runs>/<environment>-<n>`, numbered after the newest. */
  static async create(environment: string, runs = 'runs'): Promise<FolderStore> {
    const folderOf = (number: number) => join(runs, `${requireFolderName(environment)}-${number}`);
    let number = Math.max(0, ...(await numbersOf(environment, runs))) + 1;
    try {
      let made = await makeFolder(folderOf(number));
      while (made === undefined) made = await makeFolder(folderOf(++number)); // another run was faster
      return await FolderStore.#take(folderOf(number), made);
    } catch (error) {
      throw describeRefusal(folderOf(number), error);
    }
  }

  static async #take(folder: string, made: string | undefined): Promise<FolderStore> {
    try {
      const store = new FolderStore(await FolderClaim.take(folder), made);
      await removeLeftovers(folder).catch(() => {}); // they only take up space
      return store;
    } catch (error) {
      removeEmpty(folder, made);
      throw error;
    }
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(join(this.folder, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new AgentsError(`"${this.locate(name)}" cannot be read: ${messageOf(error)}.`, { cause: error });
    }
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    try {
      await this.#claim.keep();
      await writeAtomically(this.locate(name), bytes);
    } catch (error) {
      throw new AgentsError(`"${this.locate(name)}" cannot be written: ${withoutPrefix(error)}`, { cause: error });
    }
  }

  locate(name: string): string {
    return join(this.folder, name);
  }

  /** The policies and checkpoints in the folder. */
  async files(): Promise<readonly string[]> {
    const entries = (await readdir(this.folder, { withFileTypes: true })).filter((entry) => !entry.isDirectory());
    return entries
      .map(({ name }) => name)
      .filter((name) => name.endsWith('.safetensors'))
      .sort();
  }

  /** Releases the folder, and removes it if it was made for the run and is empty. May be called again. */
  release(): void {
    this.#claim.release();
    removeEmpty(this.folder, this.#made);
    open.delete(this);
    if (open.size === 0) process.off('exit', releaseAll);
  }
}

/** The stores that this process has not released yet. */
const open = new Set<FolderStore>();

function releaseAll(): void {
  for (const store of open) store.release();
}

/** The latest run of an environment that can be resumed: `<runs>/<environment>-<n>`. */
export async function newestRunFolder(environment: string, runs = 'runs'): Promise<string> {
  const folderOf = (number: number) => join(runs, `${environment}-${number}`);
  const kept = (await numbersOf(environment, runs)).filter((number) =>
    existsSync(join(folderOf(number), CHECKPOINT_FILE)),
  );
  if (kept.length > 0) return folderOf(Math.max(...kept));
  throw new AgentsError(
    `There is no run of "${environment}" in "${runs}" to resume. Leave out --resume, or name its folder with --run.`,
  );
}

async function numbersOf(environment: string, runs: string): Promise<readonly number[]> {
  const names = await readdir(runs).catch(() => []);
  const numbers = names
    .filter((name) => name.startsWith(`${environment}-`))
    .map((name) => name.slice(environment.length + 1));
  return numbers.filter((number) => /^\d+$/.test(number)).map(Number);
}

/** An environment's name is a part of a path. */
function requireFolderName(environment: string): string {
  const must = environmentName(environment);
  if (must === undefined) return environment;
  throw new AgentsError(
    `Environment "${environment}" cannot name a folder. Its name must be ${must}. Rename it, or choose a folder with --run.`,
  );
}

/** The outermost folder that had to be made for it; undefined if it is there already. */
async function makeFolder(folder: string): Promise<string | undefined> {
  const outer = await mkdir(dirname(folder), { recursive: true });
  try {
    await mkdir(folder);
    return outer ?? folder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
}

/** Removes a folder, and those above it up to `outermost`, as far as they are empty. */
function removeEmpty(folder: string, outermost: string | undefined): void {
  if (outermost === undefined) return;
  try {
    for (let path = resolve(folder); path.startsWith(resolve(outermost)); path = dirname(path)) rmdirSync(path);
  } catch {
    // it holds something
  }
}

function describeRefusal(folder: string, error: unknown): AgentsError {
  if (AgentsError.is(error)) return error;
  const reason = (error as NodeJS.ErrnoException).code === 'EEXIST' ? 'it is a file' : messageOf(error);
  return new AgentsError(`Run folder "${folder}" cannot be written to: ${reason}. Choose another with --run.`, {
    cause: error,
  });
}

/** The message with a period, which file system errors lack. */
function withoutPrefix(error: unknown): string {
  return AgentsError.is(error) ? error.message.replace('[agents] ', '') : `${messageOf(error)}.`;
}
