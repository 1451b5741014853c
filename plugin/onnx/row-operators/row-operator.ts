import type { Budget } from '../budget.ts';
import type { OnnxNode } from '../model.ts';
import { type Column, constantOf, createRows, isConstant } from '../rows.ts';
import { createTensor, type Tensor } from '../tensor.ts';
import type { Known } from '../trace.ts';

export interface RowContext {
  readonly opset: number;
  readonly budget: Budget;
}

/** What a node makes of inputs that depend on the observation; undefined where that is nothing a policy computes. */
export type RowOperator = (
  node: OnnxNode,
  inputs: readonly (Known | undefined)[],
  constants: readonly (Tensor | undefined)[],
  context: RowContext,
) => Known | undefined;

/** Rows; where every column turns out constant, the constant [1, n]. */
export function settle(columns: readonly Column[], budget: Budget): Known {
  if (!columns.every(isConstant)) return createRows(columns, budget);
  const tensor = createTensor([1, columns.length], budget);
  columns.forEach((column, i) => {
    tensor.data[i] = constantOf(column);
  });
  return { kind: 'constant', tensor };
}

export function mapRows(
  x: Known | undefined,
  map: (column: Column, i: number) => Column,
  budget: Budget,
): Known | undefined {
  return x?.kind === 'rows' ? settle(x.columns.map(map), budget) : undefined;
}

/** A constant as `size` numbers, one for each column. */
export function spreadOut(tensor: Tensor | undefined, size: number): ((column: number) => number) | undefined {
  if (!tensor) return undefined;
  const { data, dims } = tensor;
  if (data.length === 1) return () => data[0];
  return data.length === size && dims.at(-1) === size ? (column) => data[column] : undefined;
}
