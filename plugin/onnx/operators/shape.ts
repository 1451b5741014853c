import type { OnnxNode } from '../model.ts';
import { countOf, createTensor, decodeTensor, type Tensor } from '../tensor.ts';
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

/** Operators that move numbers without changing them, and those that bring constants. */
export const SHAPE: Readonly<Record<string, Operator>> = {
  Constant: (node, _inputs, { budget }) => {
    const { tensor, float, int, floats, ints } = [...node.attributes.values()][0] ?? {};
    if (tensor) return decodeTensor(tensor, budget);
    const list = floats ?? ints;
    const one = float ?? int;
    if (list) return { dims: [list.length], data: Float64Array.from(list) };
    if (one === undefined) throw misused(node, 'that holds no number');
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
    return take(x, axis, gatherIndices(node, requireInput(node, inputs, 1), x.dims[axis]), context);
  },
  Reshape: (node, inputs) => {
    const x = requireInput(node, inputs, 0);
    const dims = integersOf(node, 'shape', requireInput(node, inputs, 1)) ?? [];
    const known = dims.map((size, axis) => (size === 0 ? x.dims[axis] : size));
    const rest = x.data.length / countOf(known.filter((size) => size !== -1));
    return reshape(
      node,
      x,
      known.map((size) => (size === -1 ? rest : size)),
    );
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

/** The indices of a Gather, counted from the front. */
export function gatherIndices(node: OnnxNode, { dims, data }: Tensor, size: number): number[] {
  if (dims.length !== 1) throw misused(node, `with indices [${dims}]`);
  const indices = Array.from(data, (index) => (index < 0 ? index + size : index));
  if (!indices.every((index) => Number.isInteger(index) && index >= 0 && index < size))
    throw misused(node, `beyond ${size} entries`);
  return indices;
}

function reshape(node: OnnxNode, { dims, data }: Tensor, wanted: readonly number[]): Tensor {
  if (!wanted.every((size) => Number.isInteger(size) && size >= 0) || countOf(wanted) !== data.length)
    throw misused(node, `of [${dims}] to [${wanted}]`);
  return { dims: wanted, data };
}

/** The entries at `indices` along one axis. */
function take({ dims, data }: Tensor, axis: number, indices: readonly number[], { budget }: OperatorContext): Tensor {
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

function concat(node: OnnxNode, parts: readonly Tensor[], axis: number, { budget }: OperatorContext): Tensor {
  const shapeOf = ({ dims }: Tensor) => String(dims.map((size, i) => (i === axis ? '*' : size)));
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
