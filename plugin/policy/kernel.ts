import type { Dense, Workspace } from './dense.ts';
import { KERNEL_BYTES } from './kernel-bytes.ts';

/** Compiled once a thread, when first asked for; false where that does not go. */
let kernel: WebAssembly.Module | false | undefined;

/**
 * A workspace in WebAssembly memory of its own, which goes when the workspace does. Undefined where there is no SIMD
 * WebAssembly, a content security policy forbids it, or the machine has no memory left to give.
 */
export function createKernelWorkspace(size: number): Workspace | undefined {
  kernel ??= compile();
  if (!kernel) return undefined;
  const pages = Math.ceil(size / 16384) /* floats of 64 kB */;
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const { dense } = new WebAssembly.Instance(kernel, { env: { memory } }).exports;
    return { floats: new Float32Array(memory.buffer), dense: dense as Dense };
  } catch {
    return undefined;
  }
}

/** The bytes of a text in hexadecimal, two digits each. */
export function decodeHex(digits: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(digits.match(/../g) as string[], (pair) => Number.parseInt(pair, 16));
}

/** Synchronously, which browsers allow the main thread for so few bytes. */
function compile(): WebAssembly.Module | false {
  try {
    return new WebAssembly.Module(decodeHex(KERNEL_BYTES));
  } catch {
    return false;
  }
}
