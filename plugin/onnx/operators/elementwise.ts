import type { Budget } from '../budget.ts';
import type { OnnxNode } from '../model.ts';
import { createTensor, type NumberTensor } from '../tensor.ts';
import { clipLimits, floatOf, intOf, misused, type Operator, requireInput } from './operator.ts';

/** What an operator does to single numbers. */
export type Scalar = (...entries: number[]) => number;

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);
const truth = (is: boolean) => (is ? 1 : 0);
const either = (side: (x: number) => number) => (x: number) => (x > 0 ? x : side(x));

/** Cast's target types that keep fractions: float, float16, double, bfloat16. */
const FLOATS = [1, 10, 11, 16];

/** Operators on one number. */
const UNARY: Readonly<Record<string, (node: OnnxNode) => Scalar>> = {
  ...unchanged({
    Identity: (x) => x,
    Dropout: (x) => x,
    Neg: (x) => -x,
    Abs: Math.abs,
    Exp: Math.exp,
    Log: Math.log,
    Sqrt: Math.sqrt,
    Reciprocal: (x) => 1 / x,
    Sigmoid: sigmoid,
    Tanh: Math.tanh,
    Relu: (x) => Math.max(x, 0),
    Not: (x) => truth(x === 0),
  }),
  Cast: (node) => {
    const to = intOf(node, 'to', 1);
    if (FLOATS.includes(to)) return (x) => x;
    return to === 9 ? (x) => truth(x !== 0) : Math.trunc;
  },
  Elu: (node) => {
    const alpha = floatOf(node, 'alpha', 1);
    return either((x) => alpha * Math.expm1(x));
  },
  Celu: (node) => {
    const alpha = floatOf(node, 'alpha', 1);
    return either((x) => alpha * Math.expm1(x / alpha));
  },
  LeakyRelu: (node) => {
    const alpha = floatOf(node, 'alpha', 0.01);
    return either((x) => alpha * x);
  },
  HardSigmoid: (node) => {
    const [alpha, beta] = [floatOf(node, 'alpha', 0.2), floatOf(node, 'beta', 0.5)];
    return (x) => clamp(alpha * x + beta, 0, 1);
  },
  Swish: (node) => {
    const alpha = floatOf(node, 'alpha', 1);
    return (x) => x * sigmoid(alpha * x);
  },
};

/** Operators on two numbers, or on several, applied left to right. */
const BINARY: Readonly<Record<string, Scalar>> = {
  Add: (a, b) => a + b,
  Sum: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Pow: (a, b) => a ** b,
  PRelu: (x, slope) => (x < 0 ? slope * x : x),
  Min: (a, b) => Math.min(a, b),
  Max: (a, b) => Math.max(a, b),
  Equal: (a, b) => truth(a === b),
  Less: (a, b) => truth(a < b),
  LessOrEqual: (a, b) => truth(a <= b),
  Greater: (a, b) => truth(a > b),
  GreaterOrEqual: (a, b) => truth(a >= b),
  And: (a, b) => truth(a !== 0 && b !== 0),
  Or: (a, b) => truth(a !== 0 || b !== 0),
};

/** The function that a node applies to one number per input, if it works elementwise. */
export function scalarOf(node: OnnxNode): Scalar | undefined {
  const { op } = node;
  if (Object.hasOwn(UNARY, op)) return UNARY[op](node);
  if (Object.hasOwn(BINARY, op)) return (...entries) => entries.reduce(BINARY[op] as (a: number, b: number) => number);
  if (op === 'Where') return (condition, a, b) => (condition !== 0 ? a : b);
  if (op !== 'Clip') return undefined;
  const [least, most] = [floatOf(node, 'min', -Infinity), floatOf(node, 'max', Infinity)];
  return (x, low = least, high = most) => clamp(x, low, high);
}

/** Elementwise operators, with NumPy's broadcasting. */
export const ELEMENTWISE: Readonly<Record<string, Operator>> = {
  ...Object.fromEntries(
    Object.keys(UNARY).map((op): [string, Operator] => [
      op,
      (node, inputs, { budget }) => map(requireInput(node, inputs, 0), UNARY[op](node), budget),
    ]),
  ),
  ...Object.fromEntries(
    Object.keys(BINARY).map((op): [string, Operator] => [
      op,
      (node, inputs, { budget }) =>
        inputs.reduce<NumberTensor>(
          (a, _, i) => (i === 0 ? a : zip(node, [a, requireInput(node, inputs, i)], BINARY[op], budget)),
          requireInput(node, inputs, 0),
        ),
    ]),
  ),
  Clip: (node, inputs, { budget }) => {
    const [low, high] = clipLimits(node, inputs);
    return map(requireInput(node, inputs, 0), (x) => clamp(x, low, high), budget);
  },
  Where: (node, inputs, { budget }) => {
    const operands = [0, 1, 2].map((i) => requireInput(node, inputs, i));
    return zip(node, operands, (condition, a, b) => (condition !== 0 ? a : b), budget);
  },
};

function unchanged(table: Readonly<Record<string, Scalar>>): Record<string, (node: OnnxNode) => Scalar> {
  return Object.fromEntries(Object.entries(table).map(([op, apply]) => [op, () => apply]));
}

function map(x: NumberTensor, apply: Scalar, budget: Budget): NumberTensor {
  const y = createTensor(x.dims, budget);
  for (let i = 0; i < y.data.length; i++) y.data[i] = apply(x.data[i]);
  return y;
}

function zip(node: OnnxNode, inputs: readonly NumberTensor[], apply: Scalar, budget: Budget): NumberTensor {
  const y = createTensor(
    stretchedDims(
      node,
      inputs.map(({ dims }) => dims),
    ),
    budget,
  );
  const readers = inputs.map((input) => createReader(input, y.dims));
  const entries = inputs.map(() => 0);
  for (let i = 0; i < y.data.length; i++) {
    for (let k = 0; k < inputs.length; k++) entries[k] = inputs[k].data[readers[k](i)];
    y.data[i] = apply(...entries);
  }
  return y;
}

/** The shape that all inputs broadcast to: counted from the last, axes are equal or 1. */
export function stretchedDims(node: OnnxNode, shapes: readonly NumberTensor['dims'][]): number[] {
  const rank = Math.max(...shapes.map(({ length }) => length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((dims) => dims[dims.length - rank + axis] ?? 1);
    const size = sizes.find((candidate) => candidate !== 1) ?? 1;
    if (sizes.some((other) => other !== 1 && other !== size))
      throw misused(node, `of shapes ${shapes.map((dims) => `[${dims}]`).join(' and ')}`);
    return size;
  });
}

/** The entry of the original tensor for entry i of the broadcast one. */
function createReader({ dims, data }: NumberTensor, stretched: readonly number[]): (i: number) => number {
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
