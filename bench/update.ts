import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { Benchmark, Figures } from './benchmark.ts';
import { importBundled } from './import-bundled.ts';

const WORK = { samples: 4096, minibatch: 1024, epochs: 2 };

/** The networks that learners are compared on; figures of the second one begin with its name. */
const CASES = {
  walker: { observation: 48, hidden: [128, 128], continuous: 12, critic: 'shared', ...WORK },
  balanceBall: { observation: 8, hidden: [128, 128], continuous: 2, critic: 'shared', ...WORK },
} as const;

/**
 * The CPU learner against TensorFlow.js as it comes, on its wasm backend: gradient steps of a 48-128-128-12 network,
 * and of balance-ball's 8-128-128-2. With the backend `webgpu`, what the GPU learner issues per gradient step.
 */
export const benchUpdate: Benchmark = async (options) => {
  if (options.backend === 'webgpu') return (await import('./update-webgpu.ts')).benchUpdateWebgpu(options);
  const { compareEngines } = await importBundled<typeof import('./update-engines.ts')>('./update-engines.ts');
  const wasmFolder = `${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))}/`;
  const seconds = options.seconds / 2;
  return {
    ...(await compareEngines(CASES.walker, seconds, wasmFolder)),
    ...prefixed('balanceBall', { ...(await compareEngines(CASES.balanceBall, seconds, wasmFolder)) }),
  };
};

function prefixed(prefix: string, figures: Figures): Figures {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [`${prefix}${name[0].toUpperCase()}${name.slice(1)}`, value]),
  );
}
