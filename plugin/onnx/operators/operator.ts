import type { Budget } from '../budget.ts';
import type { OnnxNode } from '../model.ts';
import type { NumberTensor } from '../tensor.ts';
import { Unsupported } from '../unsupported.ts';

/** The context of an operator. */
export interface OperatorContext {
  readonly opset: number;
  readonly budget: Budget;
  /** ε for RandomNormalLike, in the requested shape */
  readonly noise: (dims: readonly number[]) => NumberTensor;
}

/** Computes a node's first output, or all of them, from numbers. An omitted input is undefined. */
export type Operator = (
  node: OnnxNode,
  inputs: readonly (NumberTensor | undefined)[],
  context: OperatorContext,
) => NumberTensor | readonly NumberTensor[];

/** The attribute `name` as an integer. */
export function intOf<Default>(node: OnnxNode, name: string, otherwise: Default): number | Default {
  return node.attributes.get(name)?.int ?? otherwise;
}

/** The attribute `name` as a float. */
export function floatOf(node: OnnxNode, name: string, otherwise: number): number {
  return node.attributes.get(name)?.float ?? otherwise;
}

/** Integers from attribute `name` (older opsets) or from an input (newer ones). */
export function integersOf(
  node: OnnxNode,
  name: string,
  input: NumberTensor | undefined,
): readonly number[] | undefined {
  if (input) return input.data.length <= 64 ? [...input.data] : undefined;
  return node.attributes.get(name)?.ints;
}

/** A required input. */
export function requireInput(
  node: OnnxNode,
  inputs: readonly (NumberTensor | undefined)[],
  index: number,
): NumberTensor {
  const input = inputs[index];
  if (!input) throw misused(node, `without input ${index}`);
  return input;
}

/** A node that violates its operator's definition, or is used in a way that no policy needs. */
export function misused({ op, name }: OnnxNode, how: string): Unsupported {
  return new Unsupported(`has ${op}${name && ` "${name}"`} ${how}`, 'Export a plain policy of dense layers');
}

/** An axis counted from the front. */
export function resolveAxis(node: OnnxNode, axis: number, rank: number): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (!(Number.isInteger(resolved) && resolved >= 0 && resolved < rank)) throw misused(node, `on axis ${axis}`);
  return resolved;
}

/** The last axis of `dims`, the only one that is supported. */
export function requireLastAxis(node: OnnxNode, axis: number, dims: readonly number[]): number {
  const resolved = resolveAxis(node, axis, dims.length);
  if (resolved !== dims.length - 1) throw misused(node, `along axis ${resolved} of [${dims}]`);
  return resolved;
}

/** The limits of Clip: attributes before opset 11, inputs since. */
export function clipLimits(node: OnnxNode, inputs: readonly (NumberTensor | undefined)[]): readonly [number, number] {
  const limit = (index: number, name: string, otherwise: number) => {
    const input = inputs[index];
    if (input && input.data.length !== 1) throw misused(node, `to limits [${input.dims}]`);
    return input ? input.data[0] : floatOf(node, name, otherwise);
  };
  return [limit(1, 'min', -Infinity), limit(2, 'max', Infinity)];
}

/** The ranges of Slice: attributes before opset 10, inputs since. */
export function sliceRanges(node: OnnxNode, inputs: readonly (NumberTensor | undefined)[]): readonly SliceRange[] {
  const starts = integersOf(node, 'starts', inputs[1]);
  const ends = integersOf(node, 'ends', inputs[2]);
  if (!starts || !ends || starts.length !== ends.length)
    throw misused(node, 'without a start and an end for each axis');
  const axes = integersOf(node, 'axes', inputs[3]) ?? starts.map((_, i) => i);
  const steps = integersOf(node, 'steps', inputs[4]) ?? starts.map(() => 1);
  if (axes.length !== starts.length || steps.length !== starts.length) throw misused(node, 'with axes but no range');
  return axes.map((axis, i) => ({ axis, start: starts[i], end: ends[i], step: steps[i] }));
}

/** What a slice takes along one axis. */
export interface SliceRange {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** The indices that a range takes from `size` entries. */
export function indicesOf(node: OnnxNode, { start, end, step }: SliceRange, size: number): number[] {
  if (!(Number.isInteger(step) && step > 0)) throw misused(node, `in steps of ${step}`);
  const place = (at: number) => Math.min(Math.max(at < 0 ? at + size : at, 0), size);
  const indices: number[] = [];
  for (let i = place(start); i < place(end); i += step) indices.push(i);
  return indices;
}
