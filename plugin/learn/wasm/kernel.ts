import { AgentsError, messageOf } from '../../core/errors.ts';
import { decodeHex } from '../../policy/kernel.ts';
import { KERNEL_BYTES } from './kernel-bytes.ts';

/** What kernels/learner.ts computes, in its words. Addresses and strides are in bytes, counts in floats. */
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

/** Compiled once a thread, when first asked for. */
let compiled: WebAssembly.Module | undefined;

/** Throws where this thread cannot run the kernel, and says why. */
export function requireSimd(): void {
  compile();
}

/** A kernel with a memory of its own of at least so many bytes, all of them 0. */
export function createKernel(bytes: number): { readonly kernel: LearnerKernel; readonly buffer: ArrayBuffer } {
  const module = compile();
  const pages = Math.ceil(bytes / PAGE);
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    return { kernel: exports as unknown as LearnerKernel, buffer: memory.buffer };
  } catch (error) {
    throw new AgentsError(
      `The CPU learner got no ${pages} pages of WebAssembly memory: ${messageOf(error)}. Close what else takes memory, or take a smaller network.`,
      { cause: error },
    );
  }
}

/** Synchronously: a learner has a worker of its own, where that is allowed whatever the size. */
function compile(): WebAssembly.Module {
  try {
    compiled ??= new WebAssembly.Module(decodeHex(KERNEL_BYTES));
    return compiled;
  } catch (error) {
    throw new AgentsError(
      `The CPU learner needs WebAssembly with SIMD: ${messageOf(error)}. Update the browser, allow 'wasm-unsafe-eval' in the page's content security policy, or ask for another backend.`,
      { cause: error },
    );
  }
}
