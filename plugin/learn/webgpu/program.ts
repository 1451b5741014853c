import { LAYER_STRUCT } from './layer-table.ts';
import { STEP_STRUCT } from './step-table.ts';

/** Storage that programs share. Matrices of a minibatch stand at their places, see Place. */
export const BUFFERS = {
  /** the layers that a dispatch works on, see layer-table.ts */
  layers: 'Layer',
  /** [3, P] trained weights, Adam's first and second moments */
  state: 'f32',
  /** columns of the rollout's S samples, one after another, see sampleColumns() */
  samples: 'f32',
  /** [steps, B] the samples of each gradient step */
  order: 'u32',
  /** what layers put out */
  activations: 'f32',
  /** f′(z) of hidden layers until the backward pass, from then on ∂L/∂z */
  deltas: 'f32',
  /** [chunks, P + SUMMED_REPORT] the gradient and the report of some rows each */
  partials: 'f32',
  /** [P + SUMMED_REPORT] the gradient and the report, then the squared norms of its parts */
  gradient: 'f32',
  /** [steps, RECORD] what each gradient step reports, and its learning rate */
  records: 'f32',
} as const;

export type BufferName = keyof typeof BUFFERS;

/** WGSL, and what it may touch. */
export interface Program {
  readonly label: string;
  /** its buffers, under these names */
  readonly access: Readonly<Partial<Record<BufferName, 'read' | 'read_write'>>>;
  /** has an entry point `main`; `step` and the buffers are declared for it */
  readonly code: string;
}

/** The buffers of a program in the order of its bindings. */
export function buffersOf({ access }: Program): BufferName[] {
  return Object.keys(access) as BufferName[];
}

/** All of a program's WGSL. */
export function sourceOf(program: Program): string {
  const declarations = buffersOf(program).map(
    (name, i) => `@group(1) @binding(${i}) var<storage, ${program.access[name]}> ${name}: array<${BUFFERS[name]}>;`,
  );
  const step = '@group(0) @binding(0) var<uniform> step: Step;';
  return [LAYER_STRUCT, STEP_STRUCT, step, ...declarations, program.code].join('\n');
}

/** The greatest float32, and the smallest that every GPU keeps: smaller ones may count as 0. */
const FLOAT_RANGE = [2 ** -126, (2 - 2 ** -23) * 2 ** 127] as const;

/**
 * A number in WGSL source, as a float32 literal: every number that a program is given goes through here. WGSL reads digits
 * alone as an integer, which ends at 2⁶³. What float32 cannot hold becomes the nearest number of the same sign that it can.
 */
export function wgslFloat(value: number): string {
  if (Number.isNaN(value)) throw new RangeError('WGSL has no NaN.');
  const [least, most] = FLOAT_RANGE;
  const size = value === 0 ? 0 : Math.fround(Math.min(most, Math.max(least, Math.abs(value))));
  const digits = String(value < 0 ? -size : size);
  return `f32(${/[.e]/.test(digits) ? digits : `${digits}.0`})`;
}
