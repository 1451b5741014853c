import type { LayoutSizes } from '../core/layout.ts';

/** What follows each hidden layer. */
export type Activation = 'tanh' | 'relu' | 'swish';

/** Whether the value shares the policy's hidden layers, has its own of the same sizes, or was left out of the file. */
export type Critic = 'shared' | 'separate' | 'none';

/** The shape of a dense actor-critic. */
export interface NetworkSpec {
  /** widths of the hidden layers, from the observation on; may be empty */
  readonly hidden: readonly number[];
  readonly activation: Activation;
  readonly critic: Critic;
}

/** One named tensor inside the flat parameter vector. Weights are [inputs, outputs], row-major. */
export interface ParameterSlice {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly size: number;
}

/** How one flat Float32Array holds a whole policy. */
export interface ParameterLayout {
  readonly slices: readonly ParameterSlice[];
  /** P, floats of the vector */
  readonly size: number;
  /** where the trained parameters begin; what stands before are the normalisers' statistics */
  readonly trainable: number;
}

/**
 * The order of the flat parameter vector:
 *
 *   normaliser.mean [O] · normaliser.deviation [O] · value.mean [1] · value.deviation [1]
 *   trunk.i.weight, trunk.i.bias · continuous.weight, .bias, .logDeviation [C] · discrete.weight, .bias [M]
 *   critic.i.weight, critic.i.bias (separate critic) · value.weight, value.bias
 */
export function parameterLayout(sizes: LayoutSizes, { hidden, critic }: NetworkSpec): ParameterLayout {
  const slices: ParameterSlice[] = [];
  let size = 0;
  const add = (name: string, ...shape: number[]) => {
    const count = shape.reduce((product, length) => product * length, 1);
    slices.push({ name, shape, offset: size, size: count });
    size += count;
  };
  const dense = (name: string, inputs: number, outputs: number) => {
    add(`${name}.weight`, inputs, outputs);
    add(`${name}.bias`, outputs);
    return outputs;
  };
  const stack = (name: string) =>
    hidden.reduce((inputs, width, i) => dense(`${name}.${i}`, inputs, width), sizes.observation);

  add('normaliser.mean', sizes.observation);
  add('normaliser.deviation', sizes.observation);
  if (critic !== 'none') {
    add('value.mean', 1);
    add('value.deviation', 1);
  }
  const trainable = size;
  const features = stack('trunk');
  if (sizes.continuous > 0) {
    dense('continuous', features, sizes.continuous);
    add('continuous.logDeviation', sizes.continuous);
  }
  if (sizes.mask > 0) dense('discrete', features, sizes.mask);
  if (critic === 'separate') stack('critic');
  if (critic !== 'none') dense('value', features, 1);
  return { slices, size, trainable };
}

/** The slice called `name`; a name that the layout does not have is a programming error. */
export function requireSlice(layout: ParameterLayout, name: string): ParameterSlice {
  const slice = layout.slices.find((candidate) => candidate.name === name);
  if (!slice)
    throw new RangeError(`No parameter "${name}". There are: ${layout.slices.map((s) => s.name).join(', ')}.`);
  return slice;
}

/** One dense layer of the flat vector. */
export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** where its weights [inputs, outputs] begin */
  readonly weight: number;
  /** where its biases [outputs] begin */
  readonly bias: number;
}

/** The layer `name` of the flat vector. */
export function denseLayer(layout: ParameterLayout, name: string): DenseLayer {
  const weight = requireSlice(layout, `${name}.weight`);
  const [inputs, outputs] = weight.shape;
  return { inputs, outputs, weight: weight.offset, bias: requireSlice(layout, `${name}.bias`).offset };
}

/**
 * output = input · W + b, four rows and two columns at a time, so that each weight that is read serves four agents
 * and each input two outputs.
 *
 * @param input  [rows, inputs]
 * @param output [rows, outputs], overwritten
 */
export function applyDense(
  parameters: Float32Array,
  layer: DenseLayer,
  input: Float32Array,
  rows: number,
  output: Float32Array,
): void {
  const { outputs } = layer;
  const even = outputs - (outputs % 2);
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    for (let column = 0; column < even; column += 2) fourByTwo(parameters, layer, input, row, column, output);
    if (even < outputs) for (let r = row; r < row + 4; r++) one(parameters, layer, input, r, even, output);
  }
  for (; row < rows; row++) {
    for (let column = 0; column < even; column += 2) oneByTwo(parameters, layer, input, row, column, output);
    if (even < outputs) one(parameters, layer, input, row, even, output);
  }
}

function fourByTwo(
  w: Float32Array,
  { inputs, outputs, weight, bias }: DenseLayer,
  x: Float32Array,
  row: number,
  column: number,
  y: Float32Array,
): void {
  const x0 = row * inputs;
  const x1 = x0 + inputs;
  const x2 = x1 + inputs;
  const x3 = x2 + inputs;
  const b0 = w[bias + column];
  const b1 = w[bias + column + 1];
  let [y00, y01, y10, y11, y20, y21, y30, y31] = [b0, b1, b0, b1, b0, b1, b0, b1];
  let at = weight + column;
  for (let k = 0; k < inputs; k++, at += outputs) {
    const w0 = w[at];
    const w1 = w[at + 1];
    const a0 = x[x0 + k];
    const a1 = x[x1 + k];
    const a2 = x[x2 + k];
    const a3 = x[x3 + k];
    y00 += a0 * w0;
    y01 += a0 * w1;
    y10 += a1 * w0;
    y11 += a1 * w1;
    y20 += a2 * w0;
    y21 += a2 * w1;
    y30 += a3 * w0;
    y31 += a3 * w1;
  }
  const to = row * outputs + column;
  y[to] = y00;
  y[to + 1] = y01;
  y[to + outputs] = y10;
  y[to + outputs + 1] = y11;
  y[to + 2 * outputs] = y20;
  y[to + 2 * outputs + 1] = y21;
  y[to + 3 * outputs] = y30;
  y[to + 3 * outputs + 1] = y31;
}

function oneByTwo(
  w: Float32Array,
  { inputs, outputs, weight, bias }: DenseLayer,
  x: Float32Array,
  row: number,
  column: number,
  y: Float32Array,
): void {
  const from = row * inputs;
  let y0 = w[bias + column];
  let y1 = w[bias + column + 1];
  let at = weight + column;
  for (let k = 0; k < inputs; k++, at += outputs) {
    const a = x[from + k];
    y0 += a * w[at];
    y1 += a * w[at + 1];
  }
  y[row * outputs + column] = y0;
  y[row * outputs + column + 1] = y1;
}

function one(
  w: Float32Array,
  { inputs, outputs, weight, bias }: DenseLayer,
  x: Float32Array,
  row: number,
  column: number,
  y: Float32Array,
): void {
  const from = row * inputs;
  let sum = w[bias + column];
  for (let k = 0, at = weight + column; k < inputs; k++, at += outputs) sum += x[from + k] * w[at];
  y[row * outputs + column] = sum;
}

/** Applies `activation` to the first `count` entries, in place. */
export function applyActivation(activation: Activation, values: Float32Array, count: number): void {
  switch (activation) {
    case 'tanh':
      for (let i = 0; i < count; i++) values[i] = tanh(values[i]);
      return;
    case 'relu':
      for (let i = 0; i < count; i++) if (values[i] < 0) values[i] = 0;
      return;
    case 'swish':
      for (let i = 0; i < count; i++) values[i] /= 1 + Math.exp(-values[i]);
      return;
    default:
      activation satisfies never;
  }
}

/** tanh x = 1 − 2/(e²ˣ + 1): within 1e-15 of Math.tanh near 0, which is more than a float32 can tell. */
function tanh(x: number): number {
  return 1 - 2 / (Math.exp(2 * x) + 1);
}
