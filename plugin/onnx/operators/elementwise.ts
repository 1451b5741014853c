import type { Budget } from '../budget.ts';
import type { OnnxNode } from '../model.ts';
import { createTensor, type Tensor } from '../tensor.ts';
import { clipLimits, floatOf, misused, type Operator, requireInput } from './operator.ts';

type Unary = (x: number) => number;
type Binary = (a: number, b: number) => number;

const UNARY: Readonly<Record<string, Unary>> = {
  Identity: (x) => x,
  Cast: (x) => x,
  Dropout: (x) => x,
  Neg: (x) => -x,
  Abs: Math.abs,
  Exp: Math.exp,
  Log: Math.log,
  Sqrt: Math.sqrt,
  Reciprocal: (x) => 1 / x,
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  Tanh: Math.tanh,
  Relu: (x) => Math.max(x, 0),
  Not: (x) => (x === 0 ? 1 : 0),
};

const BINARY: Readonly<Record<string, Binary>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Pow: (a, b) => a ** b,
  Min: Math.min,
  Max: Math.max,
  Equal: (a, b) => (a === b ? 1 : 0),
  Less: (a, b) => (a < b ? 1 : 0),
  LessOrEqual: (a, b) => (a <= b ? 1 : 0),
  Greater: (a, b) => (a > b ? 1 : 0),
  GreaterOrEqual: (a, b) => (a >= b ? 1 : 0),
  And: (a, b) => (a !== 0 && b !== 0 ? 1 : 0),
  Or: (a, b) => (a !== 0 || b !== 0 ? 1 : 0),
};

/** Operators that work entry by entry, where shapes may stretch as NumPy's do. */
export const ELEMENTWISE: Readonly<Record<string, Operator>> = {
  ...Object.fromEntries(
    Object.entries(UNARY).map(([op, apply]): [string, Operator] => [
      op,
      (node, inputs, { budget }) => map(requireInput(node, inputs, 0), apply, budget),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(BINARY).map(([op, apply]): [string, Operator] => [
      op,
      (node, inputs, { budget }) =>
        inputs.reduce<Tensor>(
          (a, _, i) => (i === 0 ? a : zip(node, [a, requireInput(node, inputs, i)], ([x, y]) => apply(x, y), budget)),
          requireInput(node, inputs, 0),
        ),
    ]),
  ),
  Clip: (node, inputs, { budget }) => {
    const [low, high] = clipLimits(node, inputs);
    return map(requireInput(node, inputs, 0), (x) => Math.min(Math.max(x, low), high), budget);
  },
  Elu: (node, inputs, { budget }) => {
    const alpha = floatOf(node, 'alpha', 1);
    return map(requireInput(node, inputs, 0), (x) => (x > 0 ? x : alpha * Math.expm1(x)), budget);
  },
  Where: (node, inputs, { budget }) => {
    const operands = [0, 1, 2].map((i) => requireInput(node, inputs, i));
    return zip(node, operands, ([condition, a, b]) => (condition !== 0 ? a : b), budget);
  },
};

function map(x: Tensor, apply: Unary, budget: Budget): Tensor {
  const y = createTensor(x.dims, budget);
  for (let i = 0; i < y.data.length; i++) y.data[i] = apply(x.data[i]);
  return y;
}

function zip(node: OnnxNode, inputs: readonly Tensor[], apply: (entries: readonly number[]) => number, budget: Budget) {
  const y = createTensor(stretchedDims(node, inputs), budget);
  const readers = inputs.map((input) => createReader(input, y.dims));
  const entries = inputs.map(() => 0);
  for (let i = 0; i < y.data.length; i++) {
    for (let k = 0; k < inputs.length; k++) entries[k] = inputs[k].data[readers[k](i)];
    y.data[i] = apply(entries);
  }
  return y;
}

/** The shape that all inputs stretch to: equal along each axis counted from the last, or 1. */
function stretchedDims(node: OnnxNode, inputs: readonly Pick<Tensor, 'dims'>[]): number[] {
  const rank = Math.max(...inputs.map(({ dims }) => dims.length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = inputs.map(({ dims }) => dims[dims.length - rank + axis] ?? 1);
    const size = sizes.find((candidate) => candidate !== 1) ?? 1;
    if (sizes.some((other) => other !== 1 && other !== size))
      throw misused(node, `of shapes ${inputs.map(({ dims }) => `[${dims}]`).join(' and ')}`);
    return size;
  });
}

/** Where entry i of a stretched tensor lies in the one that was stretched. */
function createReader({ dims, data }: Tensor, stretched: readonly number[]): (i: number) => number {
  if (data.length === 1) return () => 0;
  if (String(dims) === String(stretched)) return (i) => i;
  const steps: number[] = [];
  for (let axis = dims.length - 1, step = 1; axis >= 0; step *= dims[axis--])
    steps.unshift(dims[axis] === 1 ? 0 : step);
  const sizes = stretched.slice(stretched.length - dims.length);
  return (i) => {
    let at = 0;
    let rest = i;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      at += (rest % sizes[axis]) * steps[axis];
      rest = Math.floor(rest / sizes[axis]);
    }
    return at;
  };
}
