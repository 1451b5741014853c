import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AgentsError, messageOf } from '../core/errors.ts';
import { isRunning, isTag, processTag } from './process-tag.ts';

/** How often a bundle is touched, for machines that share the disk and cannot see the process. */
const BEAT_MS = 3600 * 1000;
/** Untouched for this long, a bundle of another machine belongs to a dead process. */
const PATIENCE_MS = 24 * BEAT_MS;

const PREFIX = 'babylon-agents-worker-';

/**
 * A new folder for the bundle of a worker file, which is removed when the process ends: in `node_modules/.cache` of the
 * worker file's project; without a project, or if that is read-only, in the system's folder for temporary files. Bundles
 * that killed processes left there are removed.
 */
export function makeBundleFolder(entry: string): string {
  const reasons: string[] = [];
  const modules = modulesOf(entry);
  for (const cache of modules === undefined ? [tmpdir()] : [join(modules, '.cache', 'babylon-agents'), tmpdir()]) {
    try {
      mkdirSync(cache, { recursive: true });
      const folder = mkdtempSync(join(cache, `${PREFIX}${processTag()}.`));
      if (modules !== undefined && cache === tmpdir()) symlinkSync(modules, join(folder, 'node_modules'), 'junction');
      removeDeadBundles(cache);
      const beat = setInterval(() => touch(folder), BEAT_MS).unref();
      process.on('exit', () => {
        clearInterval(beat);
        rmSync(folder, { recursive: true, force: true });
      });
      return folder;
    } catch (error) {
      reasons.push(messageOf(error));
    }
  }
  throw new AgentsError(
    `The bundle of worker file "${entry}" cannot be written: ${reasons.join('; ')}. Make that folder writable, or set TMPDIR to a writable one.`,
  );
}

/** The `node_modules` of the project that a file belongs to. */
function modulesOf(file: string): string | undefined {
  for (let project = dirname(file); ; project = dirname(project)) {
    const modules = join(project, 'node_modules');
    if (existsSync(modules)) return modules;
    if (project === dirname(project)) return undefined;
  }
}

function removeDeadBundles(cache: string): void {
  for (const name of readdirSync(cache)) {
    if (!name.startsWith(PREFIX)) continue;
    const [tag] = name.slice(PREFIX.length).split('.');
    const folder = join(cache, name);
    try {
      const seen = Date.now() - statSync(folder).mtimeMs < PATIENCE_MS;
      if (isTag(tag) && !isRunning(tag, seen)) rmSync(folder, { recursive: true, force: true });
    } catch {
      // another process removes it as well, or it is another user's
    }
  }
}

function touch(folder: string): void {
  try {
    utimesSync(folder, new Date(), new Date());
  } catch {
    // removed by hand
  }
}
