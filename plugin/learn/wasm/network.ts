import type { Activation } from '../../policy/network.ts';
import type { LearnerKernel } from './kernel.ts';

/**
 * A dense layer in the kernel's memory, for a chunk of R rows; everything but the widths is an address in bytes. The
 * gradient has the same layout as the weights.
 */
export interface KernelLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weight: number;
  readonly bias: number;
  readonly weightGradient: number;
  readonly biasGradient: number;
  /** [R, inputs] its input */
  readonly x: number;
  /** [R, outputs] its output, after the activation */
  readonly y: number;
  /** [R, outputs] ∂L/∂y, and in the backward pass ∂L/∂z of z = x·W + b */
  readonly dy: number;
  /** [R, outputs] dy/dz of a swish */
  readonly slope: number;
  /** [outputs, inputs] its transposed weights; none in a first layer, whose inputs need no gradient */
  readonly transposed: number;
}

/** Hidden layers, then heads. */
export type Stack = readonly KernelLayer[];

/** What the passes through a network need besides its layers. */
export interface NetworkKernel {
  readonly kernel: LearnerKernel;
  readonly activation: Activation;
  /** address of a float with value 1 */
  readonly one: number;
}

/** y = f(x·W + b) layer by layer, without f in the last one. */
export function forward({ kernel, activation }: NetworkKernel, stack: Stack, rows: number): void {
  for (const layer of stack) {
    const { inputs, outputs, x, y } = layer;
    kernel.fillRows(layer.bias, y, rows, outputs);
    kernel.multiply(x, 4 * inputs, 4, layer.weight, 4 * outputs, y, 4 * outputs, rows, outputs, inputs);
    if (layer !== stack.at(-1)) activate(kernel, activation, layer, rows);
  }
}

/**
 * Adds the gradient of every weight and bias, from ∂L/∂y [R, outputs] of the last layer; same rows as in the forward pass.
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

/** Transposes the weights again after they have changed. */
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
