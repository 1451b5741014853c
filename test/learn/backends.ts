import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll } from 'vitest';
import { provideSoftwareGpu } from '../../bench/software-gpu.ts';
import { requireAdapter } from '../../plugin/learn/gpu.ts';
import { openTfjs } from '../../plugin/learn/tfjs/open.ts';

export { relativeDistance } from '../../bench/relative-distance.ts';

/** TensorFlow.js backends. */
export type TfjsBackend = 'cpu' | 'wasm' | 'webgpu';

/** All of them; tests of tensor code run on each. */
export const BACKENDS: readonly TfjsBackend[] = ['cpu', 'wasm', 'webgpu'];

/** The folder with TensorFlow.js' .wasm files. */
const WASM_FOLDER = `${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))}/`;

/** Opens `name` before the tests of this block; a missing backend fails them and says what to install. */
export function useBackend(name: TfjsBackend): void {
  beforeAll(async () => {
    try {
      if (name === 'webgpu') await provideGpu();
      if (name === 'wasm') provideWasm();
      await openTfjs(name);
    } catch (error) {
      throw new Error(
        `The tests need the backend "${name}". On Debian: "apt-get install chromium" for a software GPU, and "npm install" with its optional packages. Or point VK_DRIVER_FILES at the driver of a GPU.`,
        { cause: error },
      );
    }
  });
}

async function provideGpu(): Promise<void> {
  provideSoftwareGpu();
  await requireAdapter();
  await import('@tensorflow/tfjs-backend-webgpu'); // registers itself only where navigator.gpu is there already
}

function provideWasm(): void {
  setWasmPaths(WASM_FOLDER);
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false); // it does not start in Node
  setThreadsCount(1);
}

/** The numbers of a tensor that `compute` returns; disposes all tensors. */
export async function valuesOf(compute: () => tf.Tensor): Promise<number[]> {
  const tensor = tf.tidy(compute);
  const values = await tensor.data();
  tensor.dispose();
  return Array.from(values);
}
