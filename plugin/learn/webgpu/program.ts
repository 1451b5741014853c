import { LAYER_STRUCT } from './layer-table.ts';
import { STEP_STRUCT } from './step-table.ts';

/** Storage that programs share. A minibatch's matrices are at their places, see Place. */
export const BUFFERS = {
  /** the layers that a dispatch works on, see layer-table.ts */
  layers: 'Layer',
  /** [3, P] trained weights, Adam's first and second moments */
  state: 'f32',
  /** columns of the rollout's S samples, one after another, see sampleColumns() */
  samples: 'f32',
  /** [steps, B] the samples of each gradient step */
  order: 'u32',
  /** layer outputs */
  activations: 'f32',
  /** f′(z) of hidden layers until the backward pass, then ∂L/∂z */
  deltas: 'f32',
  /** [chunks, P + SUMMED_REPORT] the gradient and the report of some rows each */
  partials: 'f32',
  /** [P + SUMMED_REPORT] the gradient and the report, then the squared norms of its parts */
  gradient: 'f32',
  /** [steps, RECORD] each gradient step's report and learning rate */
  records: 'f32',
} as const;

export type BufferName = keyof typeof BUFFERS;

/** WGSL, and the buffers that it may access. */
export interface Program {
  readonly label: string;
  /** its buffers, by name */
  readonly access: Readonly<Partial<Record<BufferName, 'read' | 'read_write'>>>;
  /** has an entry point `main`; `step` and the buffers are declared for it */
  readonly code: string;
}

/** The buffers of a program in binding order. */
export function buffersOf({ access }: Program): BufferName[] {
  return Object.keys(access) as BufferName[];
}

/** The complete WGSL of a program. */
export function sourceOf(program: Program): string {
  const declarations = buffersOf(program).map(
    (name, i) => `@group(1) @binding(${i}) var<storage, ${program.access[name]}> ${name}: array<${BUFFERS[name]}>;`,
  );
  const step = '@group(0) @binding(0) var<uniform> step: Step;';
  return [LAYER_STRUCT, STEP_STRUCT, step, ...declarations, program.code].join('\n');
}

/** The largest float32, and the smallest that every GPU keeps: smaller ones may become 0. */
const FLOAT_RANGE = [2 ** -126, (2 - 2 ** -23) * 2 ** 127] as const;

/**
 * A number as a float32 literal in WGSL source; every number in a program goes through here. WGSL reads plain digits as an
 * integer, which ends at 2⁶³. A number that float32 cannot hold becomes the nearest one of the same sign that it can.
 */
export function wgslFloat(value: number): string {
  if (Number.isNaN(value)) throw new RangeError('WGSL has no NaN.');
  const [least, most] = FLOAT_RANGE;
  const size = value === 0 ? 0 : Math.fround(Math.min(most, Math.max(least, Math.abs(value))));
  const digits = String(value < 0 ? -size : size);
  return `f32(${/[.e]/.test(digits) ? digits : `${digits}.0`})`;
}
