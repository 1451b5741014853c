import { readFileSync, rmSync } from 'node:fs';
import { open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AgentsError } from '../core/errors.ts';
import { isRunning, processTag } from './process-tag.ts';

/** `.claim-<process>.<random>`: no name is ever used twice, so removing a dead process's claim can hit no living one's. */
const CLAIM = /^\.claim-([^.]+)\.[0-9a-f]+$/;

/** How often a claim is touched, for machines that share the disk and cannot see the process. */
const BEAT_MS = 15_000;
/** A process of another machine that has not touched its claim for this long is considered dead. */
const PATIENCE_MS = 90_000;
/** How long processes that ask at the same time yield to one another. */
const CONTEST_MS = 10_000;

/** Who works in a folder. */
export interface FolderHolder {
  readonly pid: number;
  readonly host: string;
  /** ISO time */
  readonly since: string;
}

/**
 * A folder that one process at a time may use. The claim is a file in it that names the process, and counts only while
 * that process runs: nothing has to be cleaned up after a kill.
 *
 * Whoever wants the folder first adds a claim, still empty, then looks for others. So of two, at least one sees the other.
 * A claim with content is held; of two empty ones, the first by name waits and the other makes way.
 */
export class FolderClaim {
  readonly folder: string;
  readonly #content: string;
  #name = '';
  #beat: NodeJS.Timeout | undefined;

  private constructor(folder: string) {
    this.folder = folder;
    const holder: FolderHolder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
    this.#content = JSON.stringify(holder);
  }

  /** Throws FolderInUse if another process, or another claim of this one, has the folder; the file system's error if it cannot be written to. */
  static async take(folder: string): Promise<FolderClaim> {
    const claim = new FolderClaim(folder);
    await claim.#take();
    claim.#beat = setInterval(() => void claim.#touch().catch(() => {}), BEAT_MS).unref();
    return claim;
  }

  /** Claims the folder again if its claim has disappeared, as after the folder was deleted and recreated. */
  async keep(): Promise<void> {
    const there = await stat(this.#path).catch(() => undefined);
    if (!there) await this.#take();
  }

  /** Releases the folder. May be called at any time, and again. */
  release(): void {
    clearInterval(this.#beat);
    rmSync(this.#path, { force: true });
  }

  get #path(): string {
    return join(this.folder, this.#name);
  }

  async #take(): Promise<void> {
    const deadline = performance.now() + CONTEST_MS;
    await this.#announce();
    try {
      for (;;) {
        const others = await this.#others();
        if (others.length === 0) return await this.#touch();
        const holder = others.map(({ holder }) => holder).find((found) => found !== undefined);
        if (holder || performance.now() > deadline) throw new FolderInUse(this.folder, holder);
        if (others.some(({ name }) => name < this.#name)) {
          await rm(this.#path, { force: true });
          await pause(20 + 30 * jitter());
          await this.#announce();
        } else await pause(5);
      }
    } catch (error) {
      await rm(this.#path, { force: true }).catch(() => {});
      throw error;
    }
  }

  async #announce(): Promise<void> {
    this.#name = `.claim-${processTag()}.${crypto.randomUUID().replaceAll('-', '')}`;
    await writeFile(this.#path, '', { flag: 'wx' });
  }

  /** Writes what it says, the first time or again: the disk's own clock marks it as alive. */
  async #touch(): Promise<void> {
    const file = await open(this.#path, 'r+');
    try {
      await file.write(this.#content, 0);
    } finally {
      await file.close();
    }
  }

  /** The other claims of running processes; those of dead ones are removed. */
  async #others(): Promise<readonly { readonly name: string; readonly holder: FolderHolder | undefined }[]> {
    const now = (await stat(this.#path)).mtimeMs; // by the disk's clock
    const living = [];
    for (const name of await readdir(this.folder)) {
      const tag = CLAIM.exec(name)?.[1];
      if (tag === undefined || name === this.#name) continue;
      const path = join(this.folder, name);
      const found = await stat(path).catch(() => undefined);
      if (!found) continue; // just given back
      if (isRunning(tag, now - found.mtimeMs < PATIENCE_MS)) living.push({ name, holder: readHolder(path) });
      else await rm(path, { force: true });
    }
    return living;
  }
}

/** The folder is another process's. */
export class FolderInUse extends AgentsError {
  constructor(folder: string, holder: FolderHolder | undefined) {
    const who = holder
      ? `process ${holder.pid} on "${holder.host}", since ${new Date(holder.since).toLocaleString('sv')}`
      : 'another process';
    super(`Folder "${folder}" is in use by ${who}. Wait for it to end, stop it, or choose another folder.`);
  }
}

/** Undefined as long as the process only asks for the folder. */
function readHolder(path: string): FolderHolder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as FolderHolder;
  } catch {
    return undefined; // empty, half-written, or gone
  }
}

/** Between 0 and 1; two processes that collide draw different ones. */
function jitter(): number {
  return crypto.getRandomValues(new Uint8Array(1))[0] / 256;
}
