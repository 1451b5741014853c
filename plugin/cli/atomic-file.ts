import { constants, copyFile, link, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isRunning, isTag, processTag } from './process-tag.ts';

/** How long a process of another machine may take between two writes to one file. */
const PATIENCE_MS = 90_000;

const OURS = /\.(safetensors|onnx)$/;

export interface AtomicWriteOptions {
  /** false: throws EEXIST instead of replacing a file, also one that appears in the meantime */
  readonly replace?: boolean;
}

/** Writes a file under another name, flushes and renames it, so that a kill at any moment leaves the old file or the new one. */
export async function writeAtomically(
  path: string,
  bytes: Uint8Array,
  { replace = true }: AtomicWriteOptions = {},
): Promise<void> {
  const temporary = `${path}.${processTag()}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    if (replace) return await rename(temporary, path);
    await linkOrCopy(temporary, path);
    await rm(temporary);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {}); // the first error says more
    throw error;
  }
}

/** Gives a file a second name that is not taken. Some disks have no links. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}

/** Removes temporary files that killed processes left in a folder; only those of one file, if it is named. */
export async function removeLeftovers(folder: string, of?: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, file, tag] = /^(.+)\.([^.]+)\.tmp$/.exec(name) ?? [];
    if (file === undefined || !isTag(tag) || !(of === undefined ? OURS.test(file) : file === of)) continue;
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: 0 }));
    if (!isRunning(tag, Date.now() - mtimeMs < PATIENCE_MS)) await rm(path, { force: true }).catch(() => {});
  }
}

/** removeLeftovers() for the file at a path. */
export async function removeLeftoversOf(path: string): Promise<void> {
  await removeLeftovers(dirname(path), basename(path)).catch(() => {}); // writing reports what is wrong with the folder
}
