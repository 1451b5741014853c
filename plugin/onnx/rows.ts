import type { Activation } from '../policy/network.ts';
import type { Budget } from './budget.ts';
import type { Tensor } from './tensor.ts';
import { Unsupported } from './unsupported.ts';

/** The floats of an observation, all inputs one after another. */
export interface ObservationSource {
  readonly kind: 'observation';
}

/** x · W: what a Gemm or MatMul makes of rows. */
export interface DenseSource {
  readonly kind: 'dense';
  readonly input: Rows;
  /** [inputs, outputs], or the other way around where `transposed` */
  readonly weight: Tensor;
  readonly transposed: boolean;
}

/** An activation of every column of some rows. */
export interface ActivatedSource {
  readonly kind: 'activated';
  readonly activation: Activation;
  readonly of: Rows;
}

/** Where a column's number comes from. */
export type Source = ObservationSource | DenseSource | ActivatedSource;

/**
 * What is known of a value [batch, n] whose rows depend on the observation: every column is
 *
 *   clip(scale · source[index] + bias + spread · ε, low, high),   ε ~ N(0, 1)
 *
 * so that all arithmetic with constants, and all picking and joining of columns, is done on these few numbers, whatever
 * nodes an exporter writes for it.
 */
export interface Rows {
  readonly kind: 'rows';
  readonly columns: readonly Column[];
}

/** One column of Rows; without a source it is the same in every row. */
export interface Column {
  readonly source: Source | undefined;
  readonly index: number;
  readonly scale: number;
  readonly bias: number;
  readonly spread: number;
  readonly low: number;
  readonly high: number;
}

/** Bytes that a column takes, about. */
const COLUMN_BYTES = 160;

/** Rows of those columns, if the budget allows them. */
export function createRows(columns: readonly Column[], budget: Budget): Rows {
  budget.spend(COLUMN_BYTES * columns.length);
  return { kind: 'rows', columns };
}

/** The columns [from, to) of a source as they are. */
export function rowsOf(source: Source, from: number, to: number, budget: Budget): Rows {
  budget.spend(COLUMN_BYTES * (to - from)); // before they are made: a file can claim any number
  const column = (_: unknown, i: number) => createColumn({ source, index: from + i, scale: 1 });
  return { kind: 'rows', columns: Array.from({ length: to - from }, column) };
}

/** A column with nothing but what is said. */
export function createColumn(known: Partial<Column>): Column {
  return { source: undefined, index: 0, scale: 0, bias: 0, spread: 0, low: -Infinity, high: Infinity, ...known };
}

/** factor · column + bias */
export function scaleColumn(column: Column, factor: number, bias = 0): Column {
  if (!Number.isFinite(factor) || !Number.isFinite(bias))
    throw new Unsupported('holds numbers that are not finite, or divides by 0', 'Train it again');
  const move = (limit: number) => (factor === 0 ? bias : factor * limit + bias);
  const limits = [move(column.low), move(column.high)];
  return {
    ...column,
    source: factor === 0 ? undefined : column.source,
    scale: factor * column.scale,
    bias: factor * column.bias + bias,
    spread: factor * column.spread,
    low: factor < 0 ? limits[1] : limits[0],
    high: factor < 0 ? limits[0] : limits[1],
  };
}

/** clip(column, low, high) */
export function clipColumn(column: Column, low: number, high: number): Column {
  const clip = (limit: number) => Math.min(Math.max(limit, low), high);
  return { ...column, low: clip(column.low), high: clip(column.high) };
}

/** Whether a column is the same number in every row. */
export function isConstant({ source, spread }: Column): boolean {
  return source === undefined && spread === 0;
}

/** The number of a constant column. */
export function constantOf({ bias, low, high }: Column): number {
  return Math.min(Math.max(bias, low), high);
}

/** The sum of two columns, one of which has no source: a mean and its noise. */
export function addColumns(a: Column, b: Column): Column {
  if (isConstant(b)) return scaleColumn(a, 1, constantOf(b));
  if (isConstant(a)) return scaleColumn(b, 1, constantOf(a));
  if ((a.source && b.source) || (a.spread && b.spread) || isClipped(a) || isClipped(b))
    throw new Unsupported(
      'adds two values that it computes from the observation',
      'Only dense layers in a row are imported, without shortcuts between them',
    );
  return {
    ...a,
    source: a.source ?? b.source,
    index: a.source ? a.index : b.index,
    scale: a.scale + b.scale,
    bias: a.bias + b.bias,
    spread: a.spread + b.spread,
  };
}

export function isClipped({ low, high }: Column): boolean {
  return low !== -Infinity || high !== Infinity;
}

/** Whether two values are the same, entry by entry. */
export function sameRows(a: Rows, b: Rows): boolean {
  if (a === b) return true;
  return (
    a.columns.length === b.columns.length &&
    a.columns.every((column, i) => {
      const other = b.columns[i];
      return (Object.keys(column) as (keyof Column)[]).every((key) => column[key] === other[key]);
    })
  );
}
