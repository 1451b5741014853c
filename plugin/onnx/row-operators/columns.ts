import type { Budget } from '../budget.ts';
import type { OnnxNode } from '../model.ts';
import { indicesOf, integersOf, intOf, resolveAxis, sliceRanges } from '../operators/operator.ts';
import { gatherIndices, reshapedDims, splitRanges } from '../operators/shape.ts';
import { columnsOf, joinRows, pickColumns, type Rows } from '../rows.ts';
import { settle } from '../settle.ts';
import { countOf, type NumberTensor } from '../tensor.ts';
import type { ConstantValue, FunctionValue, Known } from '../trace.ts';
import { dimsOf, fold, isRowsOrFunction, type RowContext, type RowOperator } from './row-operator.ts';

export const concat: RowOperator = (node, inputs, constants, { budget }) => {
  const ofKind = <Kind extends Known['kind']>(kind: Kind) =>
    inputs.filter((input): input is Extract<Known, { kind: Kind }> => input?.kind === kind);
  for (const kind of ['choice', 'scores'] as const) {
    const parts = ofKind(kind);
    if (parts.length === inputs.length) return { kind, branches: parts.flatMap(({ branches }) => branches) };
  }
  if (constants.some((constant) => constant) || !inputs.every(isRowsOrFunction)) return undefined;
  const parts = inputs.map((input) => (input.kind === 'rows' ? input : settle(input, budget)));
  const [{ dims }] = parts;
  const axis = resolveAxis(node, intOf(node, 'axis', 0), dims.length);
  if (countOf(dims.slice(1, axis)) !== 1 || (axis === 0 && dims.length > 1)) return undefined;
  const total = parts.reduce((sum, part) => sum + part.dims[axis], 0);
  return joinRows(
    parts,
    dims.map((size, i) => (i === axis ? total : size)),
    budget,
  );
};

/** The entries at `indices` along an axis other than the batch. */
function take(x: Rows, axis: number, indices: readonly number[], budget: Budget): Rows | undefined {
  const { dims } = x;
  if (axis === 0 && dims.length > 1) return undefined;
  const inner = countOf(dims.slice(axis + 1));
  const outer = countOf(dims.slice(1, Math.max(axis, 1)));
  const columns: number[] = [];
  budget.spend(8 * outer * indices.length * inner);
  for (let o = 0; o < outer; o++)
    for (const index of indices) for (let i = 0; i < inner; i++) columns.push((o * dims[axis] + index) * inner + i);
  return pickColumns(
    x,
    columns,
    dims.map((size, i) => (i === axis ? indices.length : size)),
    budget,
  );
}

function rowsIn(x: Known | undefined, budget: Budget): Rows | undefined {
  return isRowsOrFunction(x) ? (x.kind === 'rows' ? x : settle(x, budget)) : undefined;
}

export const slice: RowOperator = (node, [x], constants, { budget }) => {
  let rows = rowsIn(x, budget);
  for (const range of sliceRanges(node, constants)) {
    if (!rows) return undefined;
    const axis = resolveAxis(node, range.axis, rows.dims.length);
    const indices = indicesOf(node, range, rows.dims[axis]);
    if (indices.length < rows.dims[axis]) rows = take(rows, axis, indices, budget);
  }
  return rows && fold(rows, budget);
};

export const split: RowOperator = (node, [x], constants, { budget }) => {
  const rows = rowsIn(x, budget);
  if (!rows) return undefined;
  const axis = resolveAxis(node, intOf(node, 'axis', 0), rows.dims.length);
  const parts = splitRanges(node, constants, rows.dims[axis]).map((indices) => take(rows, axis, indices, budget));
  return parts.every((part) => part !== undefined) ? parts.map((part) => fold(part, budget)) : undefined;
};

export const gather: RowOperator = (node, [x], [, indices], { budget }) => {
  const rows = rowsIn(x, budget);
  if (!rows || !indices) return undefined;
  const axis = resolveAxis(node, intOf(node, 'axis', 0), rows.dims.length);
  if (indices.dims.length === 0 && rows.dims.length < 3) return undefined; // one column, without its own axis
  budget.spend(8 * indices.data.length);
  const taken = take(rows, axis, gatherIndices(node, indices, rows.dims[axis]), budget);
  if (!taken) return undefined;
  return fold(indices.dims.length === 0 ? { ...taken, dims: taken.dims.filter((_, i) => i !== axis) } : taken, budget);
};

/** A value with another shape and the same columns. */
function withDims(x: Rows | FunctionValue, dims: readonly number[]): Known | undefined {
  const before = dimsOf(x);
  const [batch] = before.length > 1 ? before : [1];
  if (!dims.every((size) => Number.isInteger(size) && size >= 0) || columnsOf(dims) !== columnsOf(before))
    return undefined;
  if (dims.length > 1 ? dims[0] !== batch : batch !== 1) return undefined;
  return x.kind === 'rows' ? { ...x, dims } : { ...x, of: { ...x.of, dims } };
}

/** An operator that reshapes a value; `reshaped` returns the shape. */
export function reshaping(
  reshaped: (
    node: OnnxNode,
    dims: readonly number[],
    constants: readonly (NumberTensor | undefined)[],
    context: RowContext,
  ) => readonly number[] | undefined,
): RowOperator {
  return (node, [x], constants, context) => {
    if (x?.kind === 'choice' || x?.kind === 'scores' || x?.kind === 'total') return x;
    if (!isRowsOrFunction(x)) return undefined;
    const dims = reshaped(node, dimsOf(x), constants, context);
    return dims && withDims(x, dims);
  };
}

export const reshape = reshaping((node, dims, constants) => {
  const wanted = integersOf(node, 'shape', constants[1]);
  return wanted && reshapedDims(dims, countOf(dims), wanted);
});

export const flatten = reshaping((node, dims) => {
  const axis = intOf(node, 'axis', 1);
  const at = axis < 0 ? axis + dims.length : axis;
  return [countOf(dims.slice(0, at)), countOf(dims.slice(at))];
});

export const squeeze = reshaping((node, dims, constants) => {
  const axes = integersOf(node, 'axes', constants[1])?.map((axis) => resolveAxis(node, axis, dims.length));
  const left = dims.filter((size, axis) => (axes ? !axes.includes(axis) : size !== 1));
  return left.length > 0 ? left : [1];
});

export const unsqueeze = reshaping((node, dims, constants) => {
  const axes = integersOf(node, 'axes', constants[1]);
  if (!axes || axes.length > 4) return undefined;
  const rank = dims.length + axes.length;
  const places = axes.map((axis) => resolveAxis(node, axis, rank));
  const rest = [...dims];
  return Array.from({ length: rank }, (_, axis) => (places.includes(axis) ? 1 : (rest.shift() ?? 1)));
});

/** A transposition that only moves axes of size 1. */
export const transpose = reshaping((node, dims) => {
  const order = node.attributes.get('perm')?.ints ?? dims.map((_, i) => dims.length - 1 - i);
  const moved = order.filter((axis) => dims[axis] !== 1);
  return moved.every((axis, i) => i === 0 || axis > moved[i - 1]) ? order.map((axis) => dims[axis]) : undefined;
});

export const expand = reshaping((_node, dims, constants) => {
  const wanted = constants[1] && [...constants[1].data.subarray(0, 8)];
  return wanted?.every((size, i) => size === 1 || size === dims[dims.length - wanted.length + i]) &&
    wanted.length <= dims.length
    ? dims
    : undefined;
});

/** The shape of a value, which is known. */
export const shape: RowOperator = (_node, [x]) => {
  if (!isRowsOrFunction(x)) return undefined;
  return shapeOf(dimsOf(x));
};

/** A value's shape, as a constant. */
export function shapeOf(dims: readonly number[]): ConstantValue {
  return { kind: 'constant', tensor: { dims: [dims.length], data: Float64Array.from(dims) } };
}
