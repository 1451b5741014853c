import type { Dense, DenseWorkspace } from './dense.ts';
import { KERNEL_BYTES } from './kernel-bytes.ts';

/** Compiled once per thread, on first use; false if that is not possible. */
let kernel: WebAssembly.Module | false | undefined;

/**
 * A workspace in its own WebAssembly memory, which is freed with the workspace. Undefined if there is no SIMD WebAssembly,
 * a content security policy forbids it, or the machine is out of memory.
 */
export function createKernelWorkspace(size: number): DenseWorkspace | undefined {
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

/** The bytes of a hexadecimal text, two digits each. */
export function decodeHex(digits: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(digits.match(/../g) as string[], (pair) => Number.parseInt(pair, 16));
}

/** Synchronous, which browsers allow on the main thread for so few bytes. */
function compile(): WebAssembly.Module | false {
  try {
    return new WebAssembly.Module(decodeHex(KERNEL_BYTES));
  } catch {
    return false;
  }
}
