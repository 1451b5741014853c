import { mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { AgentsError, messageOf } from '../core/errors.ts';
import { removeLeftoversOf, writeAtomically } from './atomic-file.ts';
import { UsageError } from './usage-error.ts';

export interface WriteFileOptions {
  /** the file that the bytes were made from, which is never overwritten */
  readonly source: string;
  /** replaces an existing file */
  readonly force?: boolean | undefined;
}

/** Writes a file completely or not at all, and creates its folder if needed. Throws if the file exists, unless `force` is given. */
export async function writeWhole(path: string, bytes: Uint8Array, options: WriteFileOptions): Promise<void> {
  const { source, force = false } = options;
  const there = await stat(path).catch(() => undefined);
  const from = await stat(source);
  if (there?.isDirectory()) throw new UsageError(`"${path}" is a folder. Name a file with --out.`);
  if (there && there.ino === from.ino && there.dev === from.dev)
    throw new UsageError(`"${path}" would be written over. Name another file with --out.`);
  if (there && !there.isFile()) throw new UsageError(`"${path}" is not a regular file. Name another one with --out.`);
  if (there && !force) throw exists(path);
  try {
    const target = there ? await realpath(path) : path; // a link stays one
    await mkdir(dirname(target), { recursive: true });
    await removeLeftoversOf(target);
    await writeAtomically(target, bytes, { replace: force });
  } catch (error) {
    if (!force && (await stat(path).catch(() => undefined))) throw exists(path); // since a moment ago
    throw new AgentsError(`"${path}" cannot be written: ${messageOf(error)}. Name another file with --out.`, {
      cause: error,
    });
  }
}

/** The path with another extension: `runs/a/policy.safetensors` and `.onnx` make `runs/a/policy.onnx`. */
export function withEnding(path: string, ending: string): string {
  return path.slice(0, path.length - extname(path).length) + ending;
}

function exists(path: string): UsageError {
  return new UsageError(`"${path}" exists already. Name another file with --out, or add --force to replace it.`);
}
