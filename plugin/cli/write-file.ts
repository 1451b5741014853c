import { stat } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { AgentsError, messageOf } from '../core/errors.ts';
import { FolderStore } from './folder-store.ts';
import { UsageError } from './usage-error.ts';

/** Writes a file whole or not at all, and its folder where there is none; never over `source`, which it was made from. */
export async function writeWhole(path: string, bytes: Uint8Array, source: string): Promise<void> {
  if (resolve(path) === resolve(source))
    throw new UsageError(`"${path}" would be written over. Name another file with --out.`);
  const entry = await stat(path).catch(() => undefined);
  if (entry?.isDirectory()) throw new UsageError(`"${path}" is a folder. Name a file with --out.`);
  try {
    const store = await FolderStore.open(dirname(path));
    await store.write(basename(path), bytes);
  } catch (error) {
    throw new AgentsError(`"${path}" cannot be written: ${rootOf(error)}. Name another file with --out.`, {
      cause: error,
    });
  }
}

/** The path with another ending: `runs/a/policy.safetensors` and `.onnx` make `runs/a/policy.onnx`. */
export function withEnding(path: string, ending: string): string {
  return path.slice(0, path.length - extname(path).length) + ending;
}

/** What the file system said. */
function rootOf(error: unknown): string {
  return error instanceof Error && error.cause !== undefined ? rootOf(error.cause) : messageOf(error);
}
