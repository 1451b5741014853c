import type { Activation } from '../policy/network.ts';
import type { Budget } from './budget.ts';
import { recognize } from './recognize.ts';
import {
  affine,
  type Column,
  constantOf,
  isClipped,
  isConstant,
  joinRows,
  pickColumns,
  type Rows,
  resize,
  rowsOf,
} from './rows.ts';
import { createTensor } from './tensor.ts';
import type { FunctionValue } from './trace.ts';
import { Unsupported } from './unsupported.ts';

/** Approximate number of calls to recognize a function. */
const CALLS = 2000;
const CALLS_PER_POINT = 48;

/** The range of an activation's values. */
const RANGES: Readonly<Record<Activation, readonly [number, number]>> = {
  tanh: [-1, 1],
  relu: [0, Infinity],
  swish: [-0.2784645427610738, Infinity],
  elu: [-1, Infinity],
};

/**
 * A value in a form that a layer can read: straight columns of the observation, of a dense layer or of activations. Clips
 * between layers and functions of several units become sums of these, one part each.
 */
export function partsOf(value: Rows | FunctionValue, budget: Budget): readonly Rows[] {
  const known = PARTS.get(value);
  if (known) return known;
  const parts = findParts(value, budget);
  PARTS.set(value, parts);
  return parts;
}

/** Several layers that read one value must see the same parts. */
const PARTS = new WeakMap<Rows | FunctionValue, readonly Rows[]>();

function findParts(value: Rows | FunctionValue, budget: Budget): readonly Rows[] {
  if (value.kind === 'rows') return partsOfClip(withoutIdleLimits(value), budget);
  budget.work((CALLS + CALLS_PER_POINT * value.points.length) * value.cost);
  const found = recognize(value.apply, value.points);
  if (!found)
    throw new Unsupported(
      `has an activation other than tanh, relu, swish (SiLU), sigmoid, LeakyRelu and elu with α = 1: ${value.names.join(', ')}`,
      'Train it with one of these',
    );
  const of = settle(value.of, budget);
  const { linear, bias, units } = found;
  if (units.length === 0) return [affine(of, linear, bias, budget)];
  return activate(units[0].activation, of, units, bias, budget);
}

/** The same as one value; a dense layer sums the parts if there are several. */
export function settle(value: Rows | FunctionValue, budget: Budget): Rows {
  const parts = partsOf(value, budget);
  if (parts.length === 1) return parts[0];
  const input = joinParts(parts, budget);
  const size = parts[0].source.length;
  const weight = createTensor([input.source.length, size], budget);
  for (let i = 0; i < input.source.length; i++) weight.data[i * size + (i % size)] = 1;
  return rowsOf({ kind: 'dense', input, weight, transposed: false }, parts[0].dims, budget);
}

/** Several parts side by side. */
export function joinParts(parts: readonly Rows[], budget: Budget): Rows {
  const [{ dims }] = parts;
  return joinRows(
    parts,
    resize(
      dims,
      parts.reduce((sum, { source }) => sum + source.length, 0),
    ),
    budget,
  );
}

/** Units of one activation: factor · activation(slope · x + shift), in one layer; the first one gets the bias. */
function activate(
  activation: Activation,
  of: Rows,
  units: readonly { readonly factor: number; readonly slope: number; readonly shift: Column }[],
  bias: Column,
  budget: Budget,
): readonly Rows[] {
  const inner = units.map(({ slope, shift }) => (slope === 1 && shift === 0 ? of : affine(of, slope, shift, budget)));
  const layer = joinParts(inner, budget);
  const all = rowsOf({ kind: 'activated', activation, of: layer }, layer.dims, budget);
  const size = of.source.length;
  return units.map(({ factor }, part) => {
    const columns = Array.from({ length: size }, (_, i) => part * size + i);
    const unit = units.length === 1 ? all : pickColumns(all, columns, of.dims, budget);
    return affine(unit, factor, part === 0 ? bias : 0, budget);
  });
}

/** clip(x, l, h) = l + relu(x − l) − relu(x − h), except for the observation, whose clip goes into the normalizer */
function partsOfClip(rows: Rows, budget: Budget): readonly Rows[] {
  const { low, high, source } = rows;
  if (!low || !high || source.some((one) => one?.kind === 'observation')) return [rows];
  if (!source.some((_, i) => isClipped(rows, i))) return [rows];
  const alike = (limits: Float64Array) => limits.every(Number.isFinite) || !limits.some(Number.isFinite);
  if (!alike(low) || !alike(high))
    throw new Unsupported('clips only some values between its layers', 'Export it with clips on whole layers only');
  const of = { ...rows, low: undefined, high: undefined };
  const from = { factor: 1, slope: 1, shift: (i: number) => -low[i] };
  const to = { factor: -1, slope: 1, shift: (i: number) => -high[i] };
  if (low[0] === -Infinity)
    return activate('relu', of, [{ factor: -1, slope: -1, shift: (i) => high[i] }], (i) => high[i], budget);
  return activate('relu', of, high[0] === Infinity ? [from] : [from, to], (i) => low[i], budget);
}

/** Drops limits that an activation never reaches. */
function withoutIdleLimits(rows: Rows): Rows {
  const { low, high, source, scale, bias } = rows;
  if (!low || !high) return rows;
  const idle = source.every((one, i) => {
    if (isConstant(rows, i)) return constantOf(rows, i) === bias[i];
    if (one?.kind !== 'activated') return !isClipped(rows, i);
    const ends = RANGES[one.activation].map((end) => scale[i] * end + bias[i]);
    const slack = 1e-6 * Math.max(1, Math.abs(scale[i]) + Math.abs(bias[i]));
    return low[i] <= Math.min(...ends) + slack && high[i] >= Math.max(...ends) - slack;
  });
  return idle ? { ...rows, low: undefined, high: undefined } : rows;
}

/** The range of column i's values. */
export function rangeOf({ source, scale, bias, low, high }: Rows, i: number): readonly [number, number] {
  const one = source[i];
  const [from, to] =
    one === undefined ? [0, 0] : one.kind === 'activated' ? RANGES[one.activation] : [-Infinity, Infinity];
  const ends = one === undefined ? [bias[i], bias[i]] : [scale[i] * from + bias[i], scale[i] * to + bias[i]];
  const clip = (end: number) => Math.min(Math.max(end, low?.[i] ?? -Infinity), high?.[i] ?? Infinity);
  return [clip(Math.min(...ends)), clip(Math.max(...ends))];
}
