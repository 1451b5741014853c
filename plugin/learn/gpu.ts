import { AgentsError } from '../core/errors.ts';

const INSTALL_WEBGPU = isNode()
  ? 'Run "npm install webgpu" and install a Vulkan driver and loader (Debian: libvulkan1), or use backend "wasm".'
  : 'Use a browser with WebGPU enabled, or backend "wasm".';

/** The GPU that WebGPU offers; if there is none, throws and says what to install. */
export async function requireAdapter(): Promise<GPUAdapter> {
  if (isNode()) await provideNodeGpu();
  const adapter = await gpu()?.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter) return adapter;
  throw new AgentsError(`Backend "webgpu" found no GPU adapter. ${INSTALL_WEBGPU}`);
}

/** Whether there may be a GPU at all. In Node on Linux a GPU has a device file, and asking the driver without one only prints errors. */
export function mayHaveGpu(): boolean {
  if (!isNode() || gpu()) return true;
  const { existsSync } = process.getBuiltinModule('node:fs');
  return process.platform !== 'linux' || ['/dev/dri', '/dev/nvidia0', '/dev/dxg'].some((device) => existsSync(device));
}

/** Whether the GPU is emulated on the CPU. */
export function isSoftware(adapter: GPUAdapter): boolean {
  const { info, isFallbackAdapter } = adapter as GPUAdapter & { readonly isFallbackAdapter?: boolean };
  const words = `${info?.vendor} ${info?.architecture} ${info?.device} ${info?.description}`;
  return isFallbackAdapter === true || info?.isFallbackAdapter === true || /swiftshader|llvmpipe|software/i.test(words);
}

/** A readable name: vendor, architecture and driver. Firefox leaves all of them empty. */
export function nameAdapter({ info }: GPUAdapter): string {
  const words = [info?.vendor, info?.architecture, info?.description].filter(Boolean).join(' ') || info?.device;
  return words || `a GPU that the ${isNode() ? 'driver' : 'browser'} does not identify`;
}

/** Provides the optional package `webgpu` as navigator.gpu, as in browsers. */
async function provideNodeGpu(): Promise<void> {
  if (gpu()) return;
  const specifier = 'webgpu'; // in a variable, so that bundlers for browsers do not resolve it
  let dawn: Pick<typeof import('webgpu'), 'create' | 'globals'>;
  try {
    dawn = await import(/* @vite-ignore */ /* webpackIgnore: true */ specifier);
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

function isNode(): boolean {
  return typeof process !== 'undefined' && typeof process.versions?.node === 'string';
}
