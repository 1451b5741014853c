import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/**
 * Bundles a module of this folder for Node and imports it: the ES modules of TensorFlow.js need a bundler's resolution.
 * The bundle is removed when the process ends.
 *
 * @param file as `./update-engines.ts`
 */
export async function importBundled<Module>(file: string): Promise<Module> {
  const cache = resolve(import.meta.dirname, '../node_modules/.cache/babylon-agents');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, 'bundle.cjs');
  await build({
    entryPoints: [resolve(import.meta.dirname, file)],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    mainFields: ['module', 'main'],
    external: ['webgpu'],
    logLevel: 'error',
  });
  return import(pathToFileURL(outfile).href);
}
