import { type BufferName, buffersOf, type Program, sourceOf } from './program.ts';
import { STEP_BYTES } from './step-table.ts';

/** A compiled program. Binding group 0 is the step's uniform, at a dynamic offset; group 1 is its buffers. */
export interface Kernel {
  readonly program: Program;
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** The layout of group 0, shared by all kernels, so that it is bound once per gradient step. */
export function createStepLayout(device: GPUDevice): GPUBindGroupLayout {
  return device.createBindGroupLayout({
    entries: [
      {
        binding: 0,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: 'uniform', hasDynamicOffset: true, minBindingSize: STEP_BYTES },
      },
    ],
  });
}

/** The kernel of every dispatch; each program is compiled once, off this thread. */
export function compileAll(
  device: GPUDevice,
  stepLayout: GPUBindGroupLayout,
  dispatches: readonly { readonly program: Program }[],
): Promise<Kernel[]> {
  const programs = [...new Set(dispatches.map(({ program }) => program))];
  const kernels = new Map(programs.map((program) => [program, compile(device, stepLayout, program)]));
  return Promise.all(dispatches.map(({ program }) => kernels.get(program)!));
}

async function compile(device: GPUDevice, stepLayout: GPUBindGroupLayout, program: Program): Promise<Kernel> {
  const layout = device.createBindGroupLayout({
    label: program.label,
    entries: buffersOf(program).map((name, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type: program.access[name] === 'read' ? 'read-only-storage' : 'storage' },
    })),
  });
  const pipeline = await device.createComputePipelineAsync({
    label: program.label,
    layout: device.createPipelineLayout({ bindGroupLayouts: [stepLayout, layout] }),
    compute: { module: device.createShaderModule({ label: program.label, code: sourceOf(program) }) },
  });
  return { program, pipeline, layout };
}

/** Binds the table of steps; a dynamic offset selects the step. */
export function bindStep(device: GPUDevice, layout: GPUBindGroupLayout, buffer: GPUBuffer): GPUBindGroup {
  return device.createBindGroup({ layout, entries: [{ binding: 0, resource: { buffer, size: STEP_BYTES } }] });
}

/** Binds a kernel's buffers, for as long as they stay the same. */
export function bindBuffers(
  device: GPUDevice,
  { program, layout }: Kernel,
  bindingOf: (name: BufferName) => GPUBufferBinding,
): GPUBindGroup {
  return device.createBindGroup({
    label: program.label,
    layout,
    entries: buffersOf(program).map((name, binding) => ({ binding, resource: bindingOf(name) })),
  });
}
