import type { Activation } from '../../policy/network.ts';
import type { LearnerKernel } from './kernel.ts';

/**
 * A dense layer in the kernel's memory, for a chunk of R rows; all but the widths are addresses in bytes. Columns of the
 * gradient lie like those of the weights.
 */
export interface KernelLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weight: number;
  readonly bias: number;
  readonly weightGradient: number;
  readonly biasGradient: number;
  /** [R, inputs] what it reads */
  readonly x: number;
  /** [R, outputs] what it makes, after the activation */
  readonly y: number;
  /** [R, outputs] ∂L/∂y, and on the way back ∂L/∂z of z = x·W + b */
  readonly dy: number;
  /** [R, outputs] dy/dz of a swish */
  readonly slope: number;
  /** [outputs, inputs] its weights the other way round; none in a first layer, whose inputs need no gradient */
  readonly transposed: number;
}

/** Hidden layers and, last, heads. */
export type Stack = readonly KernelLayer[];

/** What the passes through a network need beside its layers. */
export interface NetworkKernel {
  readonly kernel: LearnerKernel;
  readonly activation: Activation;
  /** address of a float that is 1 */
  readonly one: number;
}

/** y = f(x·W + b) layer after layer, without f in the last. */
export function forward({ kernel, activation }: NetworkKernel, stack: Stack, rows: number): void {
  for (const layer of stack) {
    const { inputs, outputs, x, y } = layer;
    kernel.fillRows(layer.bias, y, rows, outputs);
    kernel.multiply(x, 4 * inputs, 4, layer.weight, 4 * outputs, y, 4 * outputs, rows, outputs, inputs);
    if (layer !== stack.at(-1)) activate(kernel, activation, layer, rows);
  }
}

/**
 * Adds the gradient of every weight and bias, from ∂L/∂y [R, outputs] of the last layer; rows as in the forward pass.
 *
 *   ∂L/∂W += xᵀ·dz        ∂L/∂b += 1ᵀ·dz        ∂L/∂x = dz·Wᵀ
 */
export function backward({ kernel, activation, one }: NetworkKernel, stack: Stack, rows: number): void {
  for (let i = stack.length - 1; i >= 0; i--) {
    const { inputs, outputs, x, dy, weightGradient, biasGradient, transposed } = stack[i];
    kernel.multiply(x, 4, 4 * inputs, dy, 4 * outputs, weightGradient, 4 * outputs, inputs, outputs, rows);
    kernel.multiply(one, 0, 0, dy, 4 * outputs, biasGradient, 0, 1, outputs, rows);
    if (i === 0) return;
    const before = stack[i - 1];
    kernel.clear(before.dy, rows * inputs);
    kernel.multiply(dy, 4 * outputs, 4, transposed, 4 * inputs, before.dy, 4 * inputs, rows, inputs, outputs);
    differentiate(kernel, activation, before, rows);
  }
}

/** Turns the weights round again, once they have changed. */
export function transposeWeights({ kernel }: NetworkKernel, stack: Stack): void {
  for (const { inputs, outputs, weight, transposed } of stack)
    if (transposed !== 0) kernel.transpose(weight, inputs, outputs, transposed);
}

function activate(
  kernel: LearnerKernel,
  activation: Activation,
  { outputs, y, slope }: KernelLayer,
  rows: number,
): void {
  switch (activation) {
    case 'tanh':
      return kernel.tanh(y, rows * outputs);
    case 'relu':
      return kernel.relu(y, rows * outputs);
    case 'swish':
      return kernel.swish(y, slope, rows * outputs);
    case 'elu':
      return kernel.elu(y, rows * outputs);
    default:
      activation satisfies never;
  }
}

/** From ∂L/∂y to ∂L/∂z, in place. */
function differentiate(
  kernel: LearnerKernel,
  activation: Activation,
  { outputs, y, dy, slope }: KernelLayer,
  rows: number,
): void {
  switch (activation) {
    case 'tanh':
      return kernel.tanhGradient(y, dy, rows * outputs);
    case 'relu':
      return kernel.reluGradient(y, dy, rows * outputs);
    case 'swish':
      return kernel.swishGradient(slope, dy, rows * outputs);
    case 'elu':
      return kernel.eluGradient(y, dy, rows * outputs);
    default:
      activation satisfies never;
  }
}
