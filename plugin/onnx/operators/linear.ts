import type { OnnxNode } from '../model.ts';
import { createTensor, type NumberTensor } from '../tensor.ts';
import {
  floatOf,
  intOf,
  misused,
  type Operator,
  type OperatorContext,
  requireInput,
  requireLastAxis,
} from './operator.ts';

/** A matrix [rows, columns] with strides, so that nothing is transposed in memory. */
interface Matrix {
  readonly data: NumberTensor['data'];
  readonly rows: number;
  readonly columns: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

/** Products of matrices, and softmax. */
export const LINEAR: Readonly<Record<string, Operator>> = {
  /** y = α · a · b + β · c */
  Gemm: (node, inputs, context) => {
    const a = matrixOf(node, requireInput(node, inputs, 0), intOf(node, 'transA', 0) !== 0);
    const b = matrixOf(node, requireInput(node, inputs, 1), intOf(node, 'transB', 0) !== 0);
    const alpha = floatOf(node, 'alpha', 1);
    const beta = floatOf(node, 'beta', 1);
    const add = inputs[2] ? biasOf(node, inputs[2], a.rows, b.columns) : () => 0;
    return multiply(node, a, b, (sum, row, column) => alpha * sum + beta * add(row, column), context);
  },
  /** The rows of every leading axis times one matrix. */
  MatMul: (node, inputs, context) => {
    const x = requireInput(node, inputs, 0);
    const b = matrixOf(node, requireInput(node, inputs, 1), false);
    const width = x.dims.at(-1) ?? 1;
    const a = matrixOf(node, { dims: [width === 0 ? 0 : x.data.length / width, width], data: x.data }, false);
    return { ...multiply(node, a, b, (sum) => sum, context), dims: [...x.dims.slice(0, -1), b.columns] };
  },
  BatchNormalization: (node, inputs, context) => {
    const x = requireInput(node, inputs, 0);
    const { factor, offset, size } = batchNormalization(node, inputs);
    if (x.dims.length !== 2 || x.dims[1] !== size) throw misused(node, `of shape [${x.dims}]`);
    const y = createTensor(x.dims, context.budget);
    for (let i = 0; i < y.data.length; i++) y.data[i] = factor(i % size) * x.data[i] + offset(i % size);
    return y;
  },
  Softmax: (node, inputs, context) => softmax(node, requireInput(node, inputs, 0), Math.exp, context),
  LogSoftmax: (node, inputs, context) => softmax(node, requireInput(node, inputs, 0), (x) => x, context),
};

/** What a trained network's BatchNormalization does to each column: factor · x + offset. */
export function batchNormalization(
  node: OnnxNode,
  inputs: readonly (NumberTensor | undefined)[],
): { readonly size: number; readonly factor: (i: number) => number; readonly offset: (i: number) => number } {
  if (intOf(node, 'training_mode', 0) !== 0) throw misused(node, 'in training mode');
  const [scale, bias, mean, variance] = [1, 2, 3, 4].map((i) => requireInput(node, inputs, i).data);
  const size = scale.length;
  if ([bias, mean, variance].some(({ length }) => length !== size))
    throw misused(node, 'with constants of several sizes');
  const epsilon = floatOf(node, 'epsilon', 1e-5);
  const factor = (i: number) => scale[i] / Math.sqrt(variance[i] + epsilon);
  return { size, factor, offset: (i) => bias[i] - factor(i) * mean[i] };
}

function matrixOf(node: OnnxNode, { dims, data }: NumberTensor, transposed: boolean): Matrix {
  if (dims.length !== 2) throw misused(node, `of shape [${dims}]`);
  const [rows, columns] = dims;
  return transposed
    ? { data, rows: columns, columns: rows, rowStep: 1, columnStep: columns }
    : { data, rows, columns, rowStep: columns, columnStep: 1 };
}

/** The bias of a Gemm at [row, column]: one number, one per column, or one per entry. */
export function biasOf(
  node: OnnxNode,
  { dims, data }: NumberTensor,
  rows: number,
  columns: number,
): (row: number, column: number) => number {
  if (data.length === 1) return () => data[0];
  if (data.length === columns && dims.at(-1) === columns) return (_, column) => data[column];
  if (String(dims) === `${rows},${columns}`) return (row, column) => data[row * columns + column];
  throw misused(node, `with bias [${dims}] for [${rows}, ${columns}]`);
}

function multiply(
  node: OnnxNode,
  a: Matrix,
  b: Matrix,
  finish: (sum: number, row: number, column: number) => number,
  { budget }: OperatorContext,
): NumberTensor {
  if (a.columns !== b.rows) throw misused(node, `of [${a.rows}, ${a.columns}] and [${b.rows}, ${b.columns}]`);
  budget.work(a.rows * a.columns * b.columns);
  const y = createTensor([a.rows, b.columns], budget);
  for (let row = 0, to = 0; row < a.rows; row++) {
    for (let column = 0; column < b.columns; column++, to++) {
      let sum = 0;
      let left = row * a.rowStep;
      let right = column * b.columnStep;
      for (let i = 0; i < a.columns; i++, left += a.columnStep, right += b.rowStep) sum += a.data[left] * b.data[right];
      y.data[to] = finish(sum, row, column);
    }
  }
  return y;
}

/** x − log Σ exp x along the last axis, then `finish`. */
function softmax(
  node: OnnxNode,
  x: NumberTensor,
  finish: (x: number) => number,
  { opset, budget }: OperatorContext,
): NumberTensor {
  const size = x.dims[requireLastAxis(node, intOf(node, 'axis', opset < 13 ? 1 : -1), x.dims)];
  const y = createTensor(x.dims, budget);
  for (let at = 0; at < y.data.length; at += size) {
    const row = x.data.subarray(at, at + size);
    let highest = -Infinity;
    for (const value of row) highest = Math.max(highest, value);
    let sum = 0;
    for (const value of row) sum += Math.exp(value - highest);
    const logSum = highest + Math.log(sum);
    for (let i = 0; i < size; i++) y.data[at + i] = finish(row[i] - logSum);
  }
  return y;
}
