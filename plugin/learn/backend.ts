import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { AgentsError, messageOf } from '../core/errors.ts';

/** What a user asks for; `auto` takes a real GPU, else WebAssembly, else plain JavaScript. */
export type BackendRequest = 'auto' | BackendName;

/** Where tensors live. */
export type BackendName = 'webgpu' | 'wasm' | 'cpu';

/** What the platform hands in. */
export interface BackendPlatform {
  /**
   * Where the .wasm files of @tensorflow/tfjs-backend-wasm lie: their folder (with a final slash), or an address for each
   * file name. Addresses may be http:, data: and blob: URLs, paths of the page, and in Node paths of the file system.
   */
  readonly wasmPaths?: string | Readonly<Record<string, string>>;
  /** threads of the WebAssembly backend, where the page is cross-origin isolated; 1 when left out */
  readonly threads?: number;
}

/** The backend that is open, and a sentence on why it is that one. */
export interface Backend {
  readonly name: BackendName;
  readonly reason: string;
}

const INSTALL_WEBGPU =
  'In Node, run "npm install webgpu" and install a Vulkan driver and loader (Debian: libvulkan1); in a browser, take one with WebGPU enabled. Or ask for "wasm".';

/**
 * Opens a TensorFlow.js backend for this thread. A named one is opened or it throws; `auto` takes the fastest that is there
 * and passes over software GPUs, which are slower than `wasm`.
 */
export async function openBackend(request: BackendRequest, platform: BackendPlatform = {}): Promise<Backend> {
  tf.enableProdMode();
  switch (request) {
    case 'webgpu':
      return openWebgpu(await requireAdapter());
    case 'wasm':
      return openWasm(platform, 'asked for');
    case 'cpu':
      return openCpu('asked for');
    case 'auto':
      return openFastest(platform);
  }
}

async function openFastest(platform: BackendPlatform): Promise<Backend> {
  let reason: string;
  try {
    if (isNode() && !gpu() && !mayHaveGpu()) throw new AgentsError('this machine has no GPU');
    const adapter = await requireAdapter();
    if (!isSoftware(adapter)) return await openWebgpu(adapter);
    reason = `the GPU is emulated in software (${nameAdapter(adapter)})`;
  } catch (error) {
    reason = plain(error);
  }
  try {
    return await openWasm(platform, reason);
  } catch (error) {
    return openCpu(`${reason} ${plain(error)}`);
  }
}

async function openWebgpu(adapter: GPUAdapter): Promise<Backend> {
  await import('@tensorflow/tfjs-backend-webgpu'); // registers itself only where navigator.gpu is there already
  await select('webgpu', INSTALL_WEBGPU);
  return { name: 'webgpu', reason: nameAdapter(adapter) };
}

async function openWasm({ wasmPaths, threads = 1 }: BackendPlatform, reason: string): Promise<Backend> {
  const install = `Hand in wasmPaths, where the .wasm files of @tensorflow/tfjs-backend-wasm lie (now: ${JSON.stringify(wasmPaths)}).`;
  try {
    if (wasmPaths !== undefined)
      setWasmPaths(typeof wasmPaths === 'string' ? wasmPaths : { ...wasmPaths }, needsFetch(wasmPaths));
  } catch (error) {
    throw new AgentsError(`Backend "wasm" did not start: ${messageOf(error)} ${install}`, { cause: error });
  }
  // The threaded build starts 8 workers whatever the count, from a function's source text that minifiers break.
  if (threads === 1) tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setThreadsCount(threads);
  await select('wasm', install);
  return { name: 'wasm', reason };
}

async function openCpu(reason: string): Promise<Backend> {
  await select('cpu', 'Please report this.');
  return { name: 'cpu', reason };
}

async function select(name: BackendName, remedy: string): Promise<void> {
  let cause: unknown;
  const opened = await tf.setBackend(name).catch((error: unknown) => {
    cause = error;
    return false;
  });
  if (opened) return;
  throw new AgentsError(
    `Backend "${name}" did not start${cause === undefined ? '' : `: ${messageOf(cause)}`}. ${remedy}`,
    { cause },
  );
}

/** Node's fetch knows blob:, data: and http:, and its file system knows paths; the backend has to be told which to use. */
function needsFetch(wasmPaths: string | Readonly<Record<string, string>>): boolean {
  const addresses = typeof wasmPaths === 'string' ? [wasmPaths] : Object.values(wasmPaths);
  return !isNode() || addresses.every((address) => /^(blob|data|https?):/.test(address));
}

async function requireAdapter(): Promise<GPUAdapter> {
  if (isNode()) await provideNodeGpu();
  const adapter = await gpu()?.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter) return adapter;
  throw new AgentsError(`Backend "webgpu" found no GPU adapter. ${INSTALL_WEBGPU}`);
}

/** Whether Node runs where a GPU can be: on Linux each has a device file, and asking the driver without one only prints complaints. */
function mayHaveGpu(): boolean {
  const { existsSync } = process.getBuiltinModule('node:fs');
  return process.platform !== 'linux' || ['/dev/dri', '/dev/nvidia0', '/dev/dxg'].some((device) => existsSync(device));
}

/** Puts the optional package `webgpu` behind navigator.gpu, as browsers have it. */
async function provideNodeGpu(): Promise<void> {
  if (gpu()) return;
  const specifier = 'webgpu'; // in a variable, so that bundlers for browsers do not look for it
  let dawn: Pick<typeof import('webgpu'), 'create' | 'globals'>;
  try {
    dawn = await import(/* @vite-ignore */ specifier);
  } catch (error) {
    throw new AgentsError(`Backend "webgpu" needs the package "webgpu" in Node. ${INSTALL_WEBGPU}`, { cause: error });
  }
  Object.assign(globalThis, dawn.globals);
  const value = dawn.create([]);
  if (typeof navigator === 'undefined')
    Object.defineProperty(globalThis, 'navigator', { value: { gpu: value }, configurable: true });
  else Object.defineProperty(navigator, 'gpu', { value, configurable: true });
}

function gpu(): GPU | undefined {
  return typeof navigator === 'undefined' ? undefined : navigator.gpu;
}

/** Whether a CPU plays the GPU. */
function isSoftware(adapter: GPUAdapter): boolean {
  const { info, isFallbackAdapter } = adapter as GPUAdapter & { readonly isFallbackAdapter?: boolean };
  const words = `${info?.vendor} ${info?.architecture} ${info?.device} ${info?.description}`;
  return isFallbackAdapter === true || info?.isFallbackAdapter === true || /swiftshader|llvmpipe|software/i.test(words);
}

function nameAdapter({ info }: GPUAdapter): string {
  return [info?.vendor, info?.architecture, info?.description].filter(Boolean).join(' ') || 'an unnamed GPU';
}

function isNode(): boolean {
  return typeof process !== 'undefined' && typeof process.versions?.node === 'string';
}

function plain(error: unknown): string {
  return messageOf(error).replace('[agents] ', '');
}
