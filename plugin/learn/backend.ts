import { AgentsError, messageOf } from '../core/errors.ts';
import type { CreateEngine } from './engine.ts';
import { isSoftware, mayHaveGpu, nameAdapter, requireAdapter } from './gpu.ts';

/** Where gradient steps run: the GPU, our SIMD WebAssembly, or TensorFlow.js in plain JavaScript. */
export type BackendName = 'webgpu' | 'wasm' | 'cpu';

/** The requested backend; `auto` picks a real GPU, else WebAssembly, else plain JavaScript. */
export type BackendRequest = 'auto' | BackendName;

/** The open backend, and the reason why it was chosen. */
export interface Backend {
  readonly name: BackendName;
  readonly reason: string;
  readonly createEngine: CreateEngine;
}

/**
 * Opens a backend for this thread and loads only its code. A named one opens or throws; `auto` picks the fastest one
 * available and skips software GPUs, which are slower than `wasm`.
 */
export async function openBackend(request: BackendRequest): Promise<Backend> {
  switch (request) {
    case 'webgpu':
      return openWebgpu(await requireAdapter());
    case 'wasm':
      return openWasm('requested');
    case 'cpu':
      return openCpu('requested');
    case 'auto':
      return openFastest();
  }
}

async function openFastest(): Promise<Backend> {
  let reason: string;
  try {
    if (!mayHaveGpu()) throw new AgentsError('this machine has no GPU');
    const adapter = await requireAdapter();
    if (!isSoftware(adapter)) return await openWebgpu(adapter);
    reason = `the GPU is emulated in software (${nameAdapter(adapter)})`;
  } catch (error) {
    reason = plain(error);
  }
  try {
    return await openWasm(reason);
  } catch (error) {
    return openCpu(`${reason} ${plain(error)}`);
  }
}

async function openWebgpu(adapter: GPUAdapter): Promise<Backend> {
  const [{ openTfjs }, { createWebgpuEngine }] = await Promise.all([
    import('./tfjs/open.ts'),
    import('./webgpu/engine.ts'),
    import('@tensorflow/tfjs-backend-webgpu'), // registers itself only if navigator.gpu already exists
  ]);
  await openTfjs('webgpu');
  return { name: 'webgpu', reason: nameAdapter(adapter), createEngine: createWebgpuEngine };
}

async function openWasm(reason: string): Promise<Backend> {
  const { createWasmEngine, requireSimd } = await import('./wasm/engine.ts');
  requireSimd();
  return { name: 'wasm', reason, createEngine: createWasmEngine };
}

async function openCpu(reason: string): Promise<Backend> {
  const [{ openTfjs }, { createTfjsEngine }] = await Promise.all([
    import('./tfjs/open.ts'),
    import('./tfjs/engine.ts'),
    import('@tensorflow/tfjs-backend-cpu'),
  ]);
  await openTfjs('cpu');
  return { name: 'cpu', reason, createEngine: createTfjsEngine };
}

function plain(error: unknown): string {
  return messageOf(error).replace('[agents] ', '');
}
