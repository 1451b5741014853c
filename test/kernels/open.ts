import { compile } from '../../kernels/build.ts';

/** Compiles one source of kernels/ by itself, with 1 MiB of memory, and casts its exports. */
export async function openKernel<Exports>(source: string): Promise<Exports & { readonly floats: Float32Array }> {
  const memory = new WebAssembly.Memory({ initial: 16 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(await compile(source)), { env: { memory } });
  return { ...(exports as Exports), floats: new Float32Array(memory.buffer) };
}
