import type { Benchmark } from './benchmark.ts';
import { importBundled } from './import-bundled.ts';
import { provideSoftwareGpu } from './software-gpu.ts';

/**
 * The GPU learner against TensorFlow.js on the same adapter: what each issues per gradient step, and how fast it learns.
 * Counts are those of any adapter; speeds are worth something only on a real one, and `adapter` says which it was.
 */
export const benchUpdateWebgpu: Benchmark = async ({ seconds }) => {
  provideSoftwareGpu();
  const { compareOnGpu } =
    await importBundled<typeof import('./update-webgpu-engines.ts')>('./update-webgpu-engines.ts');
  return { ...(await compareOnGpu(seconds)) };
};
