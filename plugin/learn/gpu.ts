import { AgentsError } from '../core/errors.ts';

const INSTALL_WEBGPU = isNode()
  ? 'Run "npm install webgpu" and install a Vulkan driver and loader (Debian: libvulkan1), or ask for "wasm".'
  : 'Take a browser with WebGPU enabled, or ask for "wasm".';

/** The GPU that WebGPU offers; throws and says what to install where there is none. */
export async function requireAdapter(): Promise<GPUAdapter> {
  if (isNode()) await provideNodeGpu();
  const adapter = await gpu()?.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter) return adapter;
  throw new AgentsError(`Backend "webgpu" found no GPU adapter. ${INSTALL_WEBGPU}`);
}

/** Whether a GPU can be there at all. In Node on Linux each has a device file, and asking the driver without one only prints complaints. */
export function mayHaveGpu(): boolean {
  if (!isNode() || gpu()) return true;
  const { existsSync } = process.getBuiltinModule('node:fs');
  return process.platform !== 'linux' || ['/dev/dri', '/dev/nvidia0', '/dev/dxg'].some((device) => existsSync(device));
}

/** Whether a CPU plays the GPU. */
export function isSoftware(adapter: GPUAdapter): boolean {
  const { info, isFallbackAdapter } = adapter as GPUAdapter & { readonly isFallbackAdapter?: boolean };
  const words = `${info?.vendor} ${info?.architecture} ${info?.device} ${info?.description}`;
  return isFallbackAdapter === true || info?.isFallbackAdapter === true || /swiftshader|llvmpipe|software/i.test(words);
}

/** For people: vendor, architecture and driver. Firefox leaves all of them empty. */
export function nameAdapter({ info }: GPUAdapter): string {
  const words = [info?.vendor, info?.architecture, info?.description].filter(Boolean).join(' ') || info?.device;
  return words || `a GPU that the ${isNode() ? 'driver' : 'browser'} does not name`;
}

/** Puts the optional package `webgpu` behind navigator.gpu, as browsers have it. */
async function provideNodeGpu(): Promise<void> {
  if (gpu()) return;
  const specifier = 'webgpu'; // in a variable, so that bundlers for browsers do not look for it
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
