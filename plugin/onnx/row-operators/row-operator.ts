import type { Budget } from '../budget.ts';
import type { OnnxNode } from '../model.ts';
import { resolveAxis } from '../operators/operator.ts';
import { constantOf, isConstant, type Rows } from '../rows.ts';
import { countOf, createTensor, type NumberTensor } from '../tensor.ts';
import type { FunctionValue, Known } from '../trace.ts';

export interface RowContext {
  readonly opset: number;
  readonly budget: Budget;
}

/** The result of a node whose inputs depend on the observation: one value, or all outputs; undefined if no policy computes it. */
export type RowOperator = (
  node: OnnxNode,
  inputs: readonly (Known | undefined)[],
  constants: readonly (NumberTensor | undefined)[],
  context: RowContext,
) => Known | readonly Known[] | undefined;

/** Rows; a constant if every column is constant. */
export function fold(rows: Rows, budget: Budget): Known {
  const size = rows.source.length;
  for (let i = 0; i < size; i++) if (!isConstant(rows, i)) return rows;
  const tensor = createTensor(rows.dims, budget);
  for (let i = 0; i < tensor.data.length; i++) tensor.data[i] = constantOf(rows, i % size);
  return { kind: 'constant', tensor };
}

export function isRowsOrFunction(value: Known | undefined): value is Rows | FunctionValue {
  return value?.kind === 'rows' || value?.kind === 'function';
}

/** The shape of rows, or of a function of them. */
export function dimsOf(value: Rows | FunctionValue): readonly number[] {
  return value.kind === 'rows' ? value.dims : value.of.dims;
}

/** Whether a node works along the last axis of such a value. */
export function isLastAxis(node: OnnxNode, axis: number, { length }: readonly number[]): boolean {
  return resolveAxis(node, axis, length) === length - 1;
}

/** A constant as one number per column of a value, and their combined shape; undefined if they do not fit. */
export function spreadOut(
  tensor: NumberTensor | undefined,
  dims: readonly number[],
): { readonly at: (column: number) => number; readonly dims: readonly number[] } | undefined {
  if (!tensor) return undefined;
  const { data } = tensor;
  const [batch, ...rest] = dims.length > 1 ? dims : [1, ...dims];
  const longer = tensor.dims.length - dims.length;
  if (longer > 0 && (batch !== 1 || !tensor.dims.slice(0, longer).every((size) => size === 1))) return undefined;
  const together = longer > 0 ? [...tensor.dims.slice(0, longer), ...dims] : dims;
  if (data.length === 1) return { at: () => data[0], dims: together };
  const trimmed = tensor.dims.slice(tensor.dims.findIndex((size) => size !== 1));
  const fits = String(rest.slice(-trimmed.length)) === String(trimmed);
  if (!fits || data.length !== countOf(trimmed)) return undefined;
  return { at: (column) => data[column % data.length], dims: together };
}
