import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AgentsError, messageOf } from '../core/errors.ts';
import { CHECKPOINT_FILE, type RunStore } from '../train/run-store.ts';

/** Keeps a run's files in a folder. Each is written under another name, flushed and renamed, so a kill at any moment leaves the old or the new one. */
export class FolderStore implements RunStore {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Makes the folder; throws when nothing can be written there. */
  static async open(folder: string): Promise<FolderStore> {
    const store = new FolderStore(folder);
    try {
      await mkdir(folder, { recursive: true });
      await store.write('.probe', new Uint8Array());
      await rm(join(folder, '.probe'));
    } catch (error) {
      throw new AgentsError(
        `Run folder "${folder}" cannot be written to: ${messageOf((error as Error).cause ?? error)}. Choose another with --run.`,
        { cause: error },
      );
    }
    return store;
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
    const temporary = `${this.locate(name)}.${process.pid}.tmp`;
    try {
      const file = await open(temporary, 'w');
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.locate(name));
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {}); // the first error says more
      throw new AgentsError(`"${this.locate(name)}" cannot be written: ${messageOf(error)}.`, { cause: error });
    }
  }

  locate(name: string): string {
    return join(this.folder, name);
  }

  /** Whether a run has been kept here. */
  async holdsRun(): Promise<boolean> {
    return (await this.read(CHECKPOINT_FILE)) !== undefined;
  }
}

/** `<runs>/<environment>-<n>`: a new one, or the newest that can be gone on with. */
export async function defaultRunFolder(environment: string, which: 'new' | 'newest', runs = 'runs'): Promise<string> {
  const pattern = new RegExp(`^${environment}-(\\d+)$`);
  const all = (await readdir(runs).catch(() => [])).filter((name) => pattern.test(name));
  const holdsRun = (name: string) => existsSync(join(runs, name, CHECKPOINT_FILE)); // one that failed at once does not
  const names = which === 'new' ? all : all.filter(holdsRun);
  const highest = Math.max(0, ...names.map((name) => Number(pattern.exec(name)?.[1])));
  if (which === 'newest' && highest === 0)
    throw new AgentsError(
      `There is no run of "${environment}" in "${runs}" to go on with. Leave out --resume, or name its folder with --run.`,
    );
  return join(runs, `${environment}-${which === 'new' ? highest + 1 : highest}`);
}
