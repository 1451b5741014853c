import type { OnnxNode } from '../model.ts';
import { batchNormalization } from '../operators/linear.ts';
import { clipLimits } from '../operators/operator.ts';
import { addRows, affine, clipRows, constantRows, joinRows, pickColumns, type Rows, relate } from '../rows.ts';
import { settle } from '../settle.ts';
import type { NumberTensor } from '../tensor.ts';
import type { Known } from '../trace.ts';
import { dimsOf, fold, isRowsOrFunction, type RowContext, type RowOperator, spreadOut } from './row-operator.ts';

type Line = (value: number) => readonly [factor: number, offset: number];

export const add: RowOperator = (_node, [a, b], [constantA, constantB], context) => {
  const constant = constantA ?? constantB;
  if (constant) return along(constantA ? b : a, constant, (value) => [1, value], context);
  if (a?.kind !== 'rows' || b?.kind !== 'rows' || a.source.length !== b.source.length || relate(a, b)) return undefined;
  return fold(addRows(a, b, context.budget), context.budget);
};

export const subtract: RowOperator = (node, [a, b], [constantA, constantB], context) => {
  if (constantA) return along(b, constantA, (value) => [-1, value], context);
  if (constantB) return along(a, constantB, (value) => [1, -value], context);
  if (b?.kind === 'total') return a?.kind === 'rows' ? scoresOf(node, a) : a; // log-softmax: x − log Σ exp x
  if (a?.kind !== 'rows' || b?.kind !== 'rows' || relate(a, b)) return undefined;
  return add(node, [a, affine(b, -1, 0, context.budget)], [], context);
};

export const multiply: RowOperator = (_node, [a, b], [constantA, constantB], context) => {
  const constant = constantA ?? constantB;
  return constant && along(constantA ? b : a, constant, (value) => [value, 0], context);
};

export const divide: RowOperator = (_node, [a, b], [, constantB], context) => {
  if (a?.kind === 'scores' && b?.kind === 'total') return a;
  return constantB && along(a, constantB, (value) => [1 / value, 0], context);
};

export const negate: RowOperator = (_node, [x], _constants, { budget }) =>
  x?.kind === 'rows' ? fold(affine(x, -1, 0, budget), budget) : undefined;

/** Probabilities are assumed to stay probabilities under arithmetic with constants; proveEqual() checks that. */
function along(x: Known | undefined, constant: NumberTensor, line: Line, { budget }: RowContext): Known | undefined {
  if (x?.kind === 'scores' || x?.kind === 'total') return x;
  if (!isRowsOrFunction(x) || (x.kind === 'function' && constant.data.length === 1)) return undefined;
  const values = spreadOut(constant, dimsOf(x));
  if (!values) return undefined;
  const rows = settleFunction(x, budget);
  const moved = affine(
    rows,
    (i) => line(values.at(i))[0],
    (i) => line(values.at(i))[1],
    budget,
  );
  return fold({ ...moved, dims: values.dims }, budget);
}

function settleFunction(x: Parameters<typeof settle>[0], budget: RowContext['budget']): Rows {
  return x.kind === 'rows' ? x : settle(x, budget);
}

export const clip: RowOperator = (node, [x], constants, { budget }) => {
  if (x?.kind === 'scores') return x;
  if (x?.kind !== 'rows' || node.inputs.slice(1).some((name, i) => name !== '' && !constants[i + 1])) return undefined;
  const [low, high] = clipLimits(node, constants);
  return fold(clipRows(x, low, high, budget), budget);
};

/** Min and Max with a constant. */
export function limit(side: 'low' | 'high'): RowOperator {
  return (node, inputs, constants, { budget }) => {
    const x = inputs[constants[0] ? 1 : 0];
    if (node.inputs.length !== 2 || x?.kind !== 'rows') return undefined;
    const values = spreadOut(constants[0] ?? constants[1], x.dims);
    if (!values) return undefined;
    const clipped =
      side === 'low' ? clipRows(x, values.at, Infinity, budget) : clipRows(x, -Infinity, values.at, budget);
    return fold({ ...clipped, dims: values.dims }, budget);
  };
}

/** Where with a known condition, such as a mask. */
export const where: RowOperator = (_node, inputs, constants, { budget }) => {
  const rows = [inputs[1], inputs[2]].find((input): input is Rows => input?.kind === 'rows');
  const condition = rows && spreadOut(constants[0], rows.dims);
  if (!rows || !condition) return undefined;
  const sideOf = (input: 1 | 2): Rows | undefined => {
    const known = inputs[input];
    if (known?.kind === 'rows') return known.source.length === rows.source.length ? known : undefined;
    const values = spreadOut(constants[input], rows.dims);
    return values && constantRows(rows.dims, values.at, 0, budget);
  };
  const [yes, no] = [sideOf(1), sideOf(2)];
  if (!yes || !no) return undefined;
  const size = rows.source.length;
  const both = joinRows([yes, no], [1, 2 * size], budget);
  const picked = Array.from({ length: size }, (_, i) => (condition.at(i) !== 0 ? i : size + i));
  return fold(pickColumns(both, picked, rows.dims, budget), budget);
};

export const drawNoise: RowOperator = (_node, [x], _constants, { budget }) =>
  isRowsOrFunction(x) ? constantRows(dimsOf(x), 0, 1, budget) : undefined;

export const normalizeBatch: RowOperator = (node, [x], constants, { budget }) => {
  if (!isRowsOrFunction(x) || constants.slice(1, 5).some((constant) => !constant)) return undefined;
  const { size, factor, offset } = batchNormalization(node, constants);
  const rows = settleFunction(x, budget);
  return rows.dims.length === 2 && rows.source.length === size
    ? fold(affine(rows, factor, offset, budget), budget)
    : undefined;
};

/** Scores that a node computes from logits, under its output's name. */
export function scoresOf({ outputs }: OnnxNode, logits: Rows): Known {
  return { kind: 'scores', branches: [{ logits, scores: outputs[0], first: 0 }] };
}
