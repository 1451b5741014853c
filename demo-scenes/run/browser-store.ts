import { openDatabase } from './database-files.ts';
import { openFolder } from './folder-files.ts';
import type { RunFiles } from './run-files.ts';
import { RunLock } from './run-lock.ts';

/** Stores bytes under names; each write is complete or does not happen. */
export interface Files {
  /** for people */
  readonly place: string;
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, bytes: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
}

/** The kinds of storage that browsers have for a page's files, the better one first. */
export type StorageKind = 'folder' | 'database';

/**
 * Saves the run of an environment in the browser: in the page's private folder (OPFS), otherwise in IndexedDB. If a browser
 * has neither, nothing is saved and every write reports it. Each environment has its own place, for one tab at a time.
 */
export class BrowserStore implements RunFiles {
  readonly #files: Files;
  readonly #lock: RunLock;

  /** @param kinds what to try, in this order */
  static async open(
    environment: string,
    kinds: readonly StorageKind[] = ['folder', 'database'],
  ): Promise<BrowserStore> {
    const name = encodeURIComponent(environment).replaceAll('.', '%2E'); // ".." would leave the folder
    const reasons: string[] = [];
    for (const kind of kinds) {
      try {
        const files = await (kind === 'folder' ? openFolder(name) : openDatabase(name));
        return new BrowserStore(files, name);
      } catch (error) {
        reasons.push(reasonOf(error));
      }
    }
    return new BrowserStore(nowhere(reasons.join(' ')), name);
  }

  private constructor(files: Files, name: string) {
    this.#files = files;
    this.#lock = new RunLock(`babylon-agents/run/${name}`);
  }

  read(name: string): Promise<Uint8Array | undefined> {
    return this.#files.read(name);
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    try {
      await this.#files.write(name, bytes);
    } catch (error) {
      const why = isFull(error) ? 'this page’s storage quota is used up.' : reasonOf(error);
      throw new Error(`"${this.locate(name)}" could not be written: ${why}`, { cause: error });
    }
  }

  locate(name: string): string {
    return `${this.#files.place}/${name}`;
  }

  async remove(names: readonly string[]): Promise<void> {
    for (const name of names) await this.#files.remove(name);
  }

  claim(): Promise<boolean> {
    return this.#lock.claim();
  }

  claimedElsewhere(): Promise<boolean> {
    return this.#lock.claimedElsewhere();
  }

  release(): void {
    this.#lock.release();
  }
}

function nowhere(why: string): Files {
  return {
    place: 'nowhere',
    read: async () => undefined,
    write: async () => {
      throw new Error(`this browser offers no storage to this page (${why})`);
    },
    remove: async () => {},
  };
}

function isFull(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError';
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
