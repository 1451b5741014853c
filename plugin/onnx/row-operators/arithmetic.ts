import type { Activation } from '../../policy/network.ts';
import type { Budget } from '../budget.ts';
import type { OnnxNode } from '../model.ts';
import { biasOf } from '../operators/linear.ts';
import { clipLimits, floatOf, intOf, misused } from '../operators/operator.ts';
import {
  addColumns,
  type Column,
  clipColumn,
  createColumn,
  type Rows,
  rowsOf,
  sameRows,
  scaleColumn,
} from '../rows.ts';
import type { Tensor } from '../tensor.ts';
import type { Known } from '../trace.ts';

import { mapRows, type RowContext, settle, spreadOut } from './row-operator.ts';

export function dense(
  node: OnnxNode,
  [x, w]: readonly (Known | undefined)[],
  constants: readonly (Tensor | undefined)[],
  { budget }: RowContext,
): Known | undefined {
  const gemm = node.op === 'Gemm';
  if (x?.kind !== 'rows' || w?.kind !== 'constant' || w.tensor.dims.length !== 2) return undefined;
  if (gemm && intOf(node, 'transA', 0) !== 0) return undefined;
  const transposed = gemm && intOf(node, 'transB', 0) !== 0;
  const [inputs, outputs] = transposed ? w.tensor.dims.toReversed() : w.tensor.dims;
  if (inputs !== x.columns.length) throw misused(node, `of ${x.columns.length} columns and weights [${w.tensor.dims}]`);
  budget.spend(4 * inputs * outputs); // what it takes in the policy: weights may be shared in the file
  const [alpha, beta] = gemm ? [floatOf(node, 'alpha', 1), floatOf(node, 'beta', 1)] : [1, 0];
  const bias = gemm && constants[2] ? biasOf(node, constants[2], 1, outputs) : () => 0;
  const source = { kind: 'dense', input: x, weight: w.tensor, transposed } as const;
  const columns = rowsOf(source, 0, outputs, budget).columns.map((column, i) =>
    scaleColumn(column, alpha, beta * bias(0, i)),
  );
  return settle(columns, budget);
}

export function add(
  _node: OnnxNode,
  [a, b]: readonly (Known | undefined)[],
  [constantA, constantB]: readonly (Tensor | undefined)[],
  { budget }: RowContext,
): Known | undefined {
  if (a?.kind === 'rows' && b?.kind === 'rows') {
    if (a.columns.length !== b.columns.length) return undefined;
    return settle(
      a.columns.map((column, i) => addColumns(column, b.columns[i])),
      budget,
    );
  }
  return withConstant([a, b], constantA ?? constantB, (column, value) => scaleColumn(column, 1, value), budget);
}

export function subtract(
  node: OnnxNode,
  [a, b]: readonly (Known | undefined)[],
  [constantA, constantB]: readonly (Tensor | undefined)[],
  context: RowContext,
): Known | undefined {
  if (constantA) return withConstant([b], constantA, (column, value) => scaleColumn(column, -1, value), context.budget);
  if (constantB) return withConstant([a], constantB, (column, value) => scaleColumn(column, 1, -value), context.budget);
  const negative = mapRows(b, (column) => scaleColumn(column, -1), context.budget);
  return add(node, [a, negative], [], context);
}

export function multiply(
  _node: OnnxNode,
  [a, b]: readonly (Known | undefined)[],
  [constantA, constantB]: readonly (Tensor | undefined)[],
  { budget }: RowContext,
): Known | undefined {
  if (a?.kind === 'rows' && b?.kind === 'gate') return sameRows(a, b.of) ? activate('swish', a, budget) : undefined;
  if (a?.kind === 'gate' && b?.kind === 'rows') return sameRows(b, a.of) ? activate('swish', b, budget) : undefined;
  return withConstant([a, b], constantA ?? constantB, (column, value) => scaleColumn(column, value), budget);
}

export function divide(
  _node: OnnxNode,
  [a]: readonly (Known | undefined)[],
  [, constantB]: readonly (Tensor | undefined)[],
  { budget }: RowContext,
): Known | undefined {
  return withConstant([a], constantB, (column, value) => scaleColumn(column, 1 / value), budget);
}

/** Arithmetic of rows and a constant; probabilities stay probabilities, for proveEqual() to judge. */
function withConstant(
  operands: readonly (Known | undefined)[],
  constant: Tensor | undefined,
  apply: (column: Column, value: number) => Column,
  budget: Budget,
): Known | undefined {
  const scores = operands.find((operand) => operand?.kind === 'scores');
  if (scores && constant) return scores;
  const rows = operands.find((operand) => operand?.kind === 'rows') as Rows | undefined;
  const values = rows && spreadOut(constant, rows.columns.length);
  return rows && values
    ? settle(
        rows.columns.map((column, i) => apply(column, values(i))),
        budget,
      )
    : undefined;
}

export function clip(
  node: OnnxNode,
  [x]: readonly (Known | undefined)[],
  constants: readonly (Tensor | undefined)[],
  { budget }: RowContext,
): Known | undefined {
  if (x?.kind === 'scores') return x;
  if (node.inputs.slice(1).some((name, i) => name !== '' && !constants[i + 1])) return undefined;
  const [low, high] = clipLimits(node, constants);
  return mapRows(x, (column) => clipColumn(column, low, high), budget);
}

export function limit(
  node: OnnxNode,
  inputs: readonly (Known | undefined)[],
  constants: readonly (Tensor | undefined)[],
  { budget }: RowContext,
  side: 'low' | 'high',
): Known | undefined {
  if (node.inputs.length !== 2) return undefined;
  return withConstant(
    inputs,
    constants[0] ?? constants[1],
    (column, value) => (side === 'low' ? clipColumn(column, value, Infinity) : clipColumn(column, -Infinity, value)),
    budget,
  );
}

/** Where with a condition that is known, as that of a mask is. */
export function where(
  _node: OnnxNode,
  inputs: readonly (Known | undefined)[],
  constants: readonly (Tensor | undefined)[],
  { budget }: RowContext,
): Known | undefined {
  const rows = [inputs[1], inputs[2]].find((input) => input?.kind === 'rows') as Rows | undefined;
  const size = rows?.columns.length ?? 0;
  const condition = spreadOut(constants[0], size);
  const columnAt = (input: 1 | 2): ((i: number) => Column) | undefined => {
    const known = inputs[input];
    if (known?.kind === 'rows') return known.columns.length === size ? (i) => known.columns[i] : undefined;
    const values = spreadOut(constants[input], size);
    return values && ((i) => createColumn({ bias: values(i) }));
  };
  const [yes, no] = [columnAt(1), columnAt(2)];
  if (!rows || !condition || !yes || !no) return undefined;
  return settle(
    rows.columns.map((_, i) => (condition(i) !== 0 ? yes(i) : no(i))),
    budget,
  );
}

export function activate(activation: Activation, x: Known | undefined, budget: Budget): Known | undefined {
  if (x?.kind !== 'rows') return undefined;
  return rowsOf({ kind: 'activated', activation, of: x }, 0, x.columns.length, budget);
}

export function drawNoise(
  _node: OnnxNode,
  [x]: readonly (Known | undefined)[],
  _constants: readonly (Tensor | undefined)[],
  { budget }: RowContext,
): Known | undefined {
  return mapRows(x, () => createColumn({ spread: 1 }), budget);
}
