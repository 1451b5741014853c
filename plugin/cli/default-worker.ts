import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { UsageError } from './usage-error.ts';

/** Where projects keep the file that calls exposeEnvironments(), in search order. */
const CANDIDATES = ['src/worker', 'worker', 'workers/worker', 'src/workers/worker'].flatMap((name) =>
  ['.ts', '.mts', '.js', '.mjs'].map((ending) => name + ending),
);

/** Advice if there is no worker file. */
export const WORKER_REMEDY =
  'Run `npx babylon-agents init my-game` to create a project with one, or point --worker at the file that calls exposeEnvironments().';

/** In the repository of babylon-agents itself, from whichever folder; the package has no such file. */
const DEMO_WORKER = fileURLToPath(new URL('../../demo-scenes/worker.ts', import.meta.url));

/** Whether this is the repository of babylon-agents, with its demo scenes and scripts, rather than the installed package. */
export function inRepository(): boolean {
  return existsSync(DEMO_WORKER);
}

/** The default worker file; throws if the current folder has none. */
export function defaultWorker(): string {
  const found = CANDIDATES.find((file) => existsSync(file));
  if (found !== undefined) return found;
  if (inRepository()) return DEMO_WORKER;
  throw new UsageError(
    `There is no worker file in ${process.cwd()}: no ${CANDIDATES.slice(0, 4).join(', ')} or similar. ${WORKER_REMEDY}`,
  );
}
