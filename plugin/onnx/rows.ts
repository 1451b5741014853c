import type { Activation } from '../policy/network.ts';
import type { Budget } from './budget.ts';
import { countOf, type NumberTensor } from './tensor.ts';
import { Unsupported } from './unsupported.ts';

/** The floats of an observation, all inputs in order. */
export interface ObservationSource {
  readonly kind: 'observation';
}

/** x · W: the result of a Gemm or MatMul on rows. */
export interface DenseSource {
  readonly kind: 'dense';
  readonly input: Rows;
  /** [inputs, outputs], or the reverse if `transposed` */
  readonly weight: NumberTensor;
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
 * What is known about a value whose rows depend on the observation. Each of its n columns is
 *
 *   clip(scale · source[index] + bias + spread · ε, low, high),   ε ~ N(0, 1)
 *
 * Arithmetic with constants and selecting or joining columns only change these few numbers, whatever nodes an exporter
 * writes. An observation may have thousands of columns, so unchanged arrays are shared.
 */
export interface Rows {
  readonly kind: 'rows';
  /** the value's shape; n is the product of all axes but the first, which is the batch (NaN: any), or of the only one */
  readonly dims: readonly number[];
  /** [n] undefined if a column is the same in every row */
  readonly source: readonly (Source | undefined)[];
  /** [n] */
  readonly index: Int32Array;
  /** [n] */
  readonly scale: Float64Array;
  /** [n] */
  readonly bias: Float64Array;
  /** [n], zeros if omitted */
  readonly spread: Float64Array | undefined;
  /** [n], no limits if omitted */
  readonly low: Float64Array | undefined;
  readonly high: Float64Array | undefined;
}

/** A number per column, or one for all. */
export type Column = number | ((i: number) => number);

/** Bytes of a column's source and index; every other array takes 8. */
const PLACE_BYTES = 12;

/** The number of columns in a value of that shape. */
export function columnsOf(dims: readonly number[]): number {
  return countOf(dims.length > 1 ? dims.slice(1) : dims);
}

/** A value's shape with another number of columns, if it only has a batch and columns. */
export function resize(dims: readonly number[], columns: number): readonly number[] {
  return [...dims.slice(0, -1), columns];
}

/** Whether a value has a batch and columns, and only axes of 1 between them. */
export function isFlat({ dims }: Rows): boolean {
  return dims.length < 3 || countOf(dims.slice(1, -1)) === 1;
}

/** The entries of a source, unchanged. */
export function rowsOf(source: Source | undefined, dims: readonly number[], budget: Budget): Rows {
  const size = columnsOf(dims);
  budget.spend((PLACE_BYTES + 16) * size); // before allocating: a file can claim any number
  const index = new Int32Array(size);
  for (let i = 0; i < size; i++) index[i] = i;
  return {
    kind: 'rows',
    dims,
    source: new Array<Source | undefined>(size).fill(source),
    index,
    scale: new Float64Array(size).fill(source ? 1 : 0),
    bias: new Float64Array(size),
    spread: undefined,
    low: undefined,
    high: undefined,
  };
}

/** Columns that are the same in every row: numbers, or noise with the given spread. */
export function constantRows(dims: readonly number[], bias: Column, spread: number, budget: Budget): Rows {
  const rows = rowsOf(undefined, dims, budget);
  const filled = affine(rows, 1, bias, budget);
  return spread === 0 ? filled : { ...filled, spread: new Float64Array(rows.bias.length).fill(spread) };
}

function each(column: Column): (i: number) => number {
  return typeof column === 'number' ? () => column : column;
}

/** factor · rows + offset, column by column */
export function affine(rows: Rows, factor: Column, offset: Column, budget: Budget): Rows {
  const size = rows.source.length;
  const [factorOf, offsetOf] = [each(factor), each(offset)];
  const { low, high, spread } = rows;
  budget.spend(8 * size * (2 + (spread ? 1 : 0) + (low ? 2 : 0)));
  const moved = { scale: new Float64Array(size), bias: new Float64Array(size) };
  const limits = low && high && { low: new Float64Array(size), high: new Float64Array(size) };
  for (let i = 0; i < size; i++) {
    const [by, add] = [factorOf(i), offsetOf(i)];
    if (!Number.isFinite(by) || !Number.isFinite(add))
      throw new Unsupported('has non-finite numbers or divides by 0', 'Train it again');
    moved.scale[i] = by * rows.scale[i];
    moved.bias[i] = by * rows.bias[i] + add;
    if (!limits) continue;
    const ends = by === 0 ? [add, add] : [by * low[i] + add, by * high[i] + add];
    limits.low[i] = Math.min(...ends);
    limits.high[i] = Math.max(...ends);
  }
  return {
    ...rows,
    ...moved,
    ...limits,
    source: moved.scale.includes(0)
      ? rows.source.map((source, i) => (moved.scale[i] === 0 ? undefined : source))
      : rows.source,
    spread: spread?.map((value, i) => factorOf(i) * value),
  };
}

/** clip(rows, low, high), column by column */
export function clipRows(rows: Rows, low: Column, high: Column, budget: Budget): Rows {
  const size = rows.source.length;
  budget.spend(16 * size);
  const [lowOf, highOf] = [each(low), each(high)];
  const clip = (limit: number, i: number) => Math.min(Math.max(limit, lowOf(i)), highOf(i));
  const limits = { low: new Float64Array(size), high: new Float64Array(size) };
  for (let i = 0; i < size; i++) {
    limits.low[i] = clip(rows.low?.[i] ?? -Infinity, i);
    limits.high[i] = clip(rows.high?.[i] ?? Infinity, i);
  }
  return { ...rows, ...limits };
}

/** The columns at `indices`, as a value of shape `dims`. */
export function pickColumns(rows: Rows, indices: readonly number[], dims: readonly number[], budget: Budget): Rows {
  budget.spend((PLACE_BYTES + 8 + 40) * indices.length);
  const pick = (values: Float64Array) => Float64Array.from(indices, (i) => values[i]);
  return {
    kind: 'rows',
    dims,
    source: indices.map((i) => rows.source[i]),
    index: Int32Array.from(indices, (i) => rows.index[i]),
    scale: pick(rows.scale),
    bias: pick(rows.bias),
    spread: rows.spread && pick(rows.spread),
    low: rows.low && pick(rows.low),
    high: rows.high && pick(rows.high),
  };
}

/** The columns of several values, in order. */
export function joinRows(parts: readonly Rows[], dims: readonly number[], budget: Budget): Rows {
  if (parts.length === 1) return { ...parts[0], dims };
  const size = parts.reduce((sum, part) => sum + part.source.length, 0);
  const some = (key: 'spread' | 'low') => parts.some((part) => part[key]);
  budget.spend((PLACE_BYTES + 16 + (some('spread') ? 8 : 0) + (some('low') ? 16 : 0)) * size);
  const join = (take: (part: Rows) => Float64Array | undefined, otherwise = 0) => {
    const joined = new Float64Array(size).fill(otherwise);
    let at = 0;
    for (const part of parts) {
      const values = take(part);
      if (values) joined.set(values, at);
      at += part.source.length;
    }
    return joined;
  };
  const index = new Int32Array(size);
  let at = 0;
  for (const part of parts) {
    index.set(part.index, at);
    at += part.source.length;
  }
  return {
    kind: 'rows',
    dims,
    source: parts.flatMap(({ source }) => source),
    index,
    scale: join(({ scale }) => scale),
    bias: join(({ bias }) => bias),
    spread: some('spread') ? join(({ spread }) => spread) : undefined,
    low: some('low') ? join(({ low }) => low, -Infinity) : undefined,
    high: some('low') ? join(({ high }) => high, Infinity) : undefined,
  };
}

/** The sum of two values, in each column of which one has no source: a mean and its noise. */
export function addRows(a: Rows, b: Rows, budget: Budget): Rows {
  const size = a.source.length;
  budget.spend((PLACE_BYTES + 24) * size);
  const sum = (x: Float64Array | undefined, y: Float64Array | undefined) =>
    Float64Array.from({ length: size }, (_, i) => (x?.[i] ?? 0) + (y?.[i] ?? 0));
  for (let i = 0; i < size; i++) {
    if ((a.source[i] && b.source[i]) || (a.spread?.[i] && b.spread?.[i]) || isClipped(a, i) || isClipped(b, i))
      throw new Unsupported(
        'combines two values that it computes from the observation (Add)',
        'Only a chain of dense layers without shortcuts can be imported',
      );
  }
  return {
    kind: 'rows',
    dims: a.dims,
    source: a.source.map((source, i) => source ?? b.source[i]),
    index: a.index.map((place, i) => (a.source[i] ? place : b.index[i])),
    scale: sum(a.scale, b.scale),
    bias: sum(a.bias, b.bias),
    spread: sum(a.spread, b.spread),
    low: undefined,
    high: undefined,
  };
}

/** Whether column i has a limit. */
export function isClipped({ low, high }: Rows, i: number): boolean {
  return low !== undefined && high !== undefined && (low[i] !== -Infinity || high[i] !== Infinity);
}

/** Whether column i is the same number in every row. */
export function isConstant({ source, spread }: Rows, i: number): boolean {
  return source[i] === undefined && !spread?.[i];
}

/** The number in a constant column. */
export function constantOf({ bias, low, high }: Rows, i: number): number {
  return Math.min(Math.max(bias[i], low?.[i] ?? -Infinity), high?.[i] ?? Infinity);
}

/** Whether two values are equal, column by column. */
export function sameRows(a: Rows, b: Rows): boolean {
  if (a === b) return true;
  if (a.source.length !== b.source.length) return false;
  const same = (x: Float64Array | undefined, y: Float64Array | undefined, i: number, none: number) =>
    (x?.[i] ?? none) === (y?.[i] ?? none);
  return a.source.every(
    (source, i) =>
      source === b.source[i] &&
      a.index[i] === b.index[i] &&
      a.scale[i] === b.scale[i] &&
      a.bias[i] === b.bias[i] &&
      same(a.spread, b.spread, i, 0) &&
      same(a.low, b.low, i, -Infinity) &&
      same(a.high, b.high, i, Infinity),
  );
}

/** The numbers for which b = factor · a + offset in all columns; undefined if there are none. */
export function relate(a: Rows, b: Rows): { readonly factor: number; readonly offset: number } | undefined {
  if (sameRows(a, b)) return { factor: 1, offset: 0 };
  if (a.source.length !== b.source.length || a.low || b.low || a.spread || b.spread || !a.source[0]) return undefined;
  const factor = b.scale[0] / a.scale[0];
  const offset = b.bias[0] - factor * a.bias[0];
  const near = (x: number, y: number) => Math.abs(x - y) <= 1e-6 * Math.max(1, Math.abs(x), Math.abs(y));
  const agrees = a.source.every(
    (source, i) =>
      source === b.source[i] &&
      a.index[i] === b.index[i] &&
      near(b.scale[i], factor * a.scale[i]) &&
      near(b.bias[i], factor * a.bias[i] + offset),
  );
  return agrees ? { factor, offset } : undefined;
}
