import type { OnnxNode } from '../model.ts';
import { countOf, createTensor, decodeTensor, type NumberTensor } from '../tensor.ts';
import { ELEMENTWISE } from './elementwise.ts';
import {
  indicesOf,
  integersOf,
  intOf,
  misused,
  type Operator,
  type OperatorContext,
  requireInput,
  resolveAxis,
  sliceRanges,
} from './operator.ts';

/** Operators that move numbers without changing them, and those that create constants. */
export const SHAPE: Readonly<Record<string, Operator>> = {
  Constant: (node, _inputs, { budget }) => {
    const { tensor, float, int, floats, ints } = [...node.attributes.values()][0] ?? {};
    if (tensor) return decodeTensor(tensor, budget);
    const list = floats ?? ints;
    const one = float ?? int;
    if (list) return { dims: [list.length], data: Float64Array.from(list) };
    if (one === undefined) throw misused(node, 'without a number');
    return { dims: [], data: Float64Array.of(one) };
  },
  Concat: (node, inputs, context) => {
    const parts = inputs.map((_, i) => requireInput(node, inputs, i));
    const axis = resolveAxis(node, intOf(node, 'axis', 0), requireInput(node, inputs, 0).dims.length);
    return concat(node, parts, axis, context);
  },
  Slice: (node, inputs, context) =>
    sliceRanges(node, inputs).reduce(
      (x, range) => {
        const axis = resolveAxis(node, range.axis, x.dims.length);
        return take(x, axis, indicesOf(node, range, x.dims[axis]), context);
      },
      requireInput(node, inputs, 0),
    ),
  Gather: (node, inputs, context) => {
    const x = requireInput(node, inputs, 0);
    const axis = resolveAxis(node, intOf(node, 'axis', 0), x.dims.length);
    const places = requireInput(node, inputs, 1);
    const y = take(x, axis, gatherIndices(node, places, x.dims[axis]), context);
    return places.dims.length === 0
      ? reshape(
          node,
          y,
          y.dims.filter((_, i) => i !== axis),
        )
      : y;
  },
  /** Equal parts, or the sizes in `split`, along one axis. */
  Split: (node, inputs, context) => {
    const x = requireInput(node, inputs, 0);
    const axis = resolveAxis(node, intOf(node, 'axis', 0), x.dims.length);
    return splitRanges(node, inputs, x.dims[axis]).map((indices) => take(x, axis, indices, context));
  },
  Transpose: (node, inputs, { budget }) => {
    const x = requireInput(node, inputs, 0);
    const rank = x.dims.length;
    const order = node.attributes.get('perm')?.ints ?? x.dims.map((_, i) => rank - 1 - i);
    if (String(order.toSorted((a, b) => a - b)) !== String(x.dims.map((_, i) => i)))
      throw misused(node, `by [${order}]`);
    const y = createTensor(
      order.map((axis) => x.dims[axis]),
      budget,
    );
    const steps = order.map((axis) => countOf(x.dims.slice(axis + 1)));
    for (let i = 0; i < y.data.length; i++) {
      let [at, rest] = [0, i];
      for (let axis = rank - 1; axis >= 0; rest = Math.floor(rest / y.dims[axis--]))
        at += (rest % y.dims[axis]) * steps[axis];
      y.data[i] = x.data[at];
    }
    return y;
  },
  Shape: (node, inputs) => {
    const { dims } = requireInput(node, inputs, 0);
    return { dims: [dims.length], data: Float64Array.from(dims) };
  },
  ConstantOfShape: (node, inputs, { budget }) => {
    const value = node.attributes.get('value')?.tensor;
    const y = createTensor(shapeOf(node, inputs, 0), budget);
    y.data.fill(value ? decodeTensor(value, budget).data[0] : 0);
    return y;
  },
  Expand: (node, inputs, context) => {
    const x = requireInput(node, inputs, 0);
    const ones = createTensor(shapeOf(node, inputs, 1), context.budget);
    ones.data.fill(1);
    return ELEMENTWISE.Mul(node, [x, ones], context);
  },
  Reshape: (node, inputs) => {
    const x = requireInput(node, inputs, 0);
    const dims = integersOf(node, 'shape', requireInput(node, inputs, 1)) ?? [];
    return reshape(node, x, reshapedDims(x.dims, x.data.length, dims));
  },
  Flatten: (node, inputs) => {
    const x = requireInput(node, inputs, 0);
    const axis = intOf(node, 'axis', 1);
    if (!(axis >= 0 && axis <= x.dims.length)) throw misused(node, `at axis ${axis}`);
    return reshape(node, x, [countOf(x.dims.slice(0, axis)), countOf(x.dims.slice(axis))]);
  },
  Squeeze: (node, inputs) => {
    const x = requireInput(node, inputs, 0);
    const axes = integersOf(node, 'axes', inputs[1])?.map((axis) => resolveAxis(node, axis, x.dims.length));
    const keeps = (size: number, axis: number) => (axes ? !axes.includes(axis) : size !== 1);
    return reshape(node, x, x.dims.filter(keeps));
  },
  Unsqueeze: (node, inputs) => {
    const x = requireInput(node, inputs, 0);
    const axes = integersOf(node, 'axes', inputs[1]);
    if (!axes || axes.length > 4) throw misused(node, 'without axes');
    const rank = x.dims.length + axes.length;
    const places = axes.map((axis) => resolveAxis(node, axis, rank));
    const rest = [...x.dims];
    return reshape(
      node,
      x,
      Array.from({ length: rank }, (_, axis) => (places.includes(axis) ? 1 : (rest.shift() ?? 1))),
    );
  },
};

/** A shape from a constant; a free batch becomes one row. */
function shapeOf(node: OnnxNode, inputs: readonly (NumberTensor | undefined)[], index: number): number[] {
  const { data } = requireInput(node, inputs, index);
  if (data.length > 8) throw misused(node, `to ${data.length} axes`);
  const dims = Array.from(data, (size) => (Number.isNaN(size) ? 1 : size));
  if (!dims.every((size) => Number.isSafeInteger(size) && size >= 0)) throw misused(node, `to [${dims}]`);
  return dims;
}

/** The result of Reshape: 0 keeps an axis, and −1 takes the rest. */
export function reshapedDims(dims: readonly number[], count: number, wanted: readonly number[]): number[] {
  const known = wanted.map((size, axis) => (size === 0 ? dims[axis] : size));
  const rest = count / countOf(known.filter((size) => size !== -1));
  return known.map((size) => (size === -1 ? rest : size));
}

/** The indices of each part of a Split of `size` entries. */
export function splitRanges(node: OnnxNode, inputs: readonly (NumberTensor | undefined)[], size: number): number[][] {
  const count = node.outputs.length;
  const sizes =
    integersOf(node, 'split', inputs[1]) ??
    node.outputs.map((_, i) => Math.min(Math.ceil(size / count), size - i * Math.ceil(size / count)));
  if (
    sizes.length !== count ||
    !sizes.every((part) => part >= 0) ||
    sizes.reduce((sum, part) => sum + part, 0) !== size
  )
    throw misused(node, `of ${size} entries into [${sizes}]`);
  let at = 0;
  return sizes.map((part) => Array.from({ length: part }, () => at++));
}

/** The indices of a Gather, counted from the front. */
export function gatherIndices(node: OnnxNode, { dims, data }: NumberTensor, size: number): number[] {
  if (dims.length > 1) throw misused(node, `with indices [${dims}]`);
  const indices = Array.from(data, (index) => (index < 0 ? index + size : index));
  if (!indices.every((index) => Number.isInteger(index) && index >= 0 && index < size))
    throw misused(node, `beyond ${size} entries`);
  return indices;
}

function reshape(node: OnnxNode, { dims, data }: NumberTensor, wanted: readonly number[]): NumberTensor {
  if (!wanted.every((size) => Number.isInteger(size) && size >= 0) || countOf(wanted) !== data.length)
    throw misused(node, `of [${dims}] to [${wanted}]`);
  return { dims: wanted, data };
}

/** The entries at `indices` along one axis. */
function take(
  { dims, data }: NumberTensor,
  axis: number,
  indices: readonly number[],
  { budget }: OperatorContext,
): NumberTensor {
  const y = createTensor(
    dims.map((size, i) => (i === axis ? indices.length : size)),
    budget,
  );
  const inner = countOf(dims.slice(axis + 1));
  const outer = countOf(dims.slice(0, axis));
  for (let o = 0, to = 0; o < outer; o++) {
    for (const index of indices) {
      const from = (o * dims[axis] + index) * inner;
      for (let i = 0; i < inner; i++) y.data[to++] = data[from + i];
    }
  }
  return y;
}

function concat(
  node: OnnxNode,
  parts: readonly NumberTensor[],
  axis: number,
  { budget }: OperatorContext,
): NumberTensor {
  const shapeOf = ({ dims }: NumberTensor) => String(dims.map((size, i) => (i === axis ? '*' : size)));
  if (parts.some((part) => shapeOf(part) !== shapeOf(parts[0])))
    throw misused(node, `of shapes ${parts.map(({ dims }) => `[${dims}]`).join(', ')}`);
  const total = parts.reduce((sum, { dims }) => sum + dims[axis], 0);
  const y = createTensor(
    parts[0].dims.map((size, i) => (i === axis ? total : size)),
    budget,
  );
  const outer = countOf(parts[0].dims.slice(0, axis));
  for (let o = 0, to = 0; o < outer; o++) {
    for (const { dims, data } of parts) {
      const width = countOf(dims.slice(axis));
      for (let i = 0; i < width; i++) y.data[to++] = data[o * width + i];
    }
  }
  return y;
}
