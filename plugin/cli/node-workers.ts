import { existsSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { AgentsError, messageOf } from '../core/errors.ts';
import { makeBundleFolder } from './bundle-folder.ts';
import { WORKER_REMEDY } from './default-worker.ts';
import { keepAddresses, shareHavok } from './worker-bundle.ts';
import type { WorkerOutput } from './worker-output.ts';

/** What CommonJS code inside an ES module bundle expects to find. */
const COMMONJS = [
  "import { createRequire as createRequireForBundle } from 'node:module';",
  "import { dirname as dirnameForBundle } from 'node:path';",
  "import { fileURLToPath as pathForBundle } from 'node:url';",
  'const require = createRequireForBundle(import.meta.url);',
  'const __filename = pathForBundle(import.meta.url);',
  'const __dirname = dirnameForBundle(__filename);',
].join('\n');

/**
 * Bundles a worker file for Node, TypeScript and TensorFlow.js's module layout included, and returns what starts one. Its
 * modules find their files (scenes, textures, Havok's WebAssembly) in place.
 * The bundle is removed when the process ends. What workers write goes to `output`, or where this process writes.
 */
export async function prepareNodeWorkers(file: string, output?: WorkerOutput): Promise<() => Worker> {
  const entry = resolve(file);
  const fault = existsSync(entry) ? (statSync(entry).isDirectory() ? 'is a folder' : undefined) : 'does not exist';
  if (fault) throw new AgentsError(`Worker file "${file}" ${fault}. ${WORKER_REMEDY}`);
  const folder = realpathSync(makeBundleFolder(entry)); // source maps lead back from where the bundle really lies
  const bundle = join(folder, 'worker.mjs');
  try {
    await build({
      entryPoints: { worker: entry },
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true, // a learner never loads Babylon, a rollout worker never TensorFlow.js
      format: 'esm',
      platform: 'node',
      mainFields: ['module', 'main'],
      external: ['webgpu'],
      plugins: [keepAddresses, shareHavok],
      banner: { js: COMMONJS },
      sourcemap: 'linked',
      sourcesContent: false, // errors name lines and do not quote them: 17 MB in place of 31
      logLevel: 'silent',
    });
  } catch (error) {
    throw new AgentsError(`Worker file "${file}" cannot be bundled: ${messageOf(error)}`, { cause: error });
  }
  setFlagsFromString('--expose-gc'); // for threads that start from now on, which clean up behind an old world
  const kept = output !== undefined;
  return () => {
    const worker = new Worker(pathToFileURL(bundle), {
      execArgv: ['--enable-source-maps'],
      stdout: kept,
      stderr: kept,
    });
    output?.follow(worker);
    return worker;
  };
}
