// AssemblyScript: what a policy computes over its network. Offsets and strides count floats, from 0.

import { elu, relu, swish, tanh } from './activations';
import { multiply } from './matmul';

/**
 * y = activation(x·W + b). The matrices are contiguous.
 *
 * @param x          [rows, inputs]
 * @param w          [1 + inputs, outputs]: b, then W
 * @param y          [rows, outputs], overwritten
 * @param outputs    a multiple of 4
 * @param activation 0 none, 1 tanh, 2 relu, 3 swish, 4 ELU
 */
export function dense(x: i32, w: i32, y: i32, rows: i32, inputs: i32, outputs: i32, activation: i32): void {
  const row = (<usize>outputs) << 2;
  const bias = (<usize>w) << 2;
  const from = (<usize>y) << 2;
  for (let i = 0, to = from; i < rows; i++, to += row) memory.copy(to, bias, row);
  multiply((<usize>x) << 2, (<usize>inputs) << 2, 4, bias + row, row, from, row, rows, outputs, inputs);
  if (activation === 1) tanh(from, rows * outputs);
  else if (activation === 2) relu(from, rows * outputs);
  else if (activation === 3) swish(from, rows * outputs);
  else if (activation === 4) elu(from, rows * outputs);
}
