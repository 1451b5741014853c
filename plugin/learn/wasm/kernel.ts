import { AgentsError, messageOf } from '../../core/errors.ts';
import { decodeHex } from '../../policy/kernel.ts';
import { KERNEL_BYTES } from './kernel-bytes.ts';

/** The functions of kernels/learner.ts. Addresses and strides are in bytes, counts in floats. */
export interface LearnerKernel {
  readonly multiply: (
    a: number,
    aRow: number,
    aColumn: number,
    b: number,
    bRow: number,
    c: number,
    cRow: number,
    m: number,
    n: number,
    k: number,
  ) => void;
  readonly fillRows: (row: number, out: number, rows: number, width: number) => void;
  readonly clear: (at: number, count: number) => void;
  readonly tanh: (at: number, count: number) => void;
  readonly relu: (at: number, count: number) => void;
  readonly elu: (at: number, count: number) => void;
  readonly swish: (z: number, slope: number, count: number) => void;
  readonly tanhGradient: (y: number, d: number, count: number) => void;
  readonly reluGradient: (y: number, d: number, count: number) => void;
  readonly eluGradient: (y: number, d: number, count: number) => void;
  readonly swishGradient: (slope: number, d: number, count: number) => void;
  readonly transpose: (input: number, rows: number, columns: number, out: number) => void;
  readonly squaredNorm: (x: number, count: number) => number;
  readonly adam: (
    theta: number,
    g: number,
    m: number,
    v: number,
    count: number,
    s: number,
    a: number,
    c: number,
  ) => void;
}

const PAGE = 65536;

/** Compiled once per thread, on first use. */
let compiled: WebAssembly.Module | undefined;

/** Throws with the reason if this thread cannot run the kernel. */
export function requireSimd(): void {
  compile();
}

/** A kernel with its own zeroed memory of at least `bytes` bytes. */
export function createKernel(bytes: number): { readonly kernel: LearnerKernel; readonly buffer: ArrayBuffer } {
  const module = compile();
  const pages = Math.ceil(bytes / PAGE);
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    return { kernel: exports as unknown as LearnerKernel, buffer: memory.buffer };
  } catch (error) {
    throw new AgentsError(
      `The CPU learner could not allocate ${pages} pages of WebAssembly memory: ${messageOf(error)}. Free some memory, or use a smaller network.`,
      { cause: error },
    );
  }
}

/** Synchronous: a learner has its own worker, where that is allowed for any size. */
function compile(): WebAssembly.Module {
  try {
    compiled ??= new WebAssembly.Module(decodeHex(KERNEL_BYTES));
    return compiled;
  } catch (error) {
    throw new AgentsError(
      `The CPU learner needs WebAssembly with SIMD: ${messageOf(error)}. Update the browser, allow 'wasm-unsafe-eval' in the page's content security policy, or use another backend.`,
      { cause: error },
    );
  }
}
