import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../../policy/network.ts';

/** What follows a dense layer; heads are linear. */
export type LayerActivation = Activation | 'linear';

/**
 * A dense layer with its activation, Y = f(X·W + b), and with gradients made for the WebAssembly backend.
 *
 * There every product with a transposed operand runs in scalar code, seven times slower than the plain product, and so do
 * tanh and sums over rows: so operands are transposed first, tanh is made of the vectorised sigmoid, and the gradient of b
 * comes out of a product with ones.
 *
 * @param x      [B, I]
 * @param weight [I, U]
 * @param bias   [U]
 * @returns      [B, U]
 */
export function dense(
  x: tf.Tensor2D,
  weight: tf.Tensor2D,
  bias: tf.Tensor1D,
  activation: LayerActivation,
): tf.Tensor2D {
  const layer = tf.customGrad((...inputs) => {
    const [x, weight, bias, save] = inputs as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D, tf.GradSaveFunc];
    const { value, kept } = forward(x, weight, bias, activation);
    save([x, weight, ...kept]);
    return { value, gradFunc };
  });
  return layer(x, weight, bias) as tf.Tensor2D;

  function gradFunc(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
    const [x, weight, ...kept] = saved as tf.Tensor2D[];
    const dz = activationGradient(activation, dy as tf.Tensor2D, kept);
    return [timesTransposed(dz, weight), ...parameterGradients(x, dz)];
  }
}

/** dense() for the layer that reads observations, whose own gradient nobody asks for. `x` must outlive the gradient. */
export function firstDense(
  x: tf.Tensor2D,
  weight: tf.Tensor2D,
  bias: tf.Tensor1D,
  activation: LayerActivation,
): tf.Tensor2D {
  const layer = tf.customGrad((...inputs) => {
    const [weight, bias, save] = inputs as [tf.Tensor2D, tf.Tensor1D, tf.GradSaveFunc];
    const { value, kept } = forward(x, weight, bias, activation);
    save([...kept]);
    return { value, gradFunc };
  });
  return layer(weight, bias) as tf.Tensor2D;

  function gradFunc(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
    const dz = activationGradient(activation, dy as tf.Tensor2D, saved as tf.Tensor2D[]);
    return parameterGradients(x, dz);
  }
}

/** f(X·W + b), and what activationGradient() will ask for. */
function forward(
  x: tf.Tensor2D,
  weight: tf.Tensor2D,
  bias: tf.Tensor1D,
  activation: LayerActivation,
): { value: tf.Tensor2D; kept: tf.Tensor2D[] } {
  if (activation === 'tanh' && onWasm()) {
    const half = tf.sigmoid(affine(x, tf.mul(weight, 2), tf.mul(bias, 2)));
    const value = tf.sub<tf.Tensor2D>(tf.mul(half, 2), 1); // tanh z = 2·σ(2z) − 1
    return { value, kept: [value] };
  }
  const z = affine(x, weight, bias);
  switch (activation) {
    case 'linear':
      return { value: z, kept: [] };
    case 'tanh': {
      const value = tf.tanh(z);
      return { value, kept: [value] };
    }
    case 'relu': {
      const value = tf.relu(z);
      return { value, kept: [value] };
    }
    case 'swish': {
      const sigmoid = tf.sigmoid(z);
      const value = tf.mul<tf.Tensor2D>(z, sigmoid);
      return { value, kept: [value, sigmoid] };
    }
  }
}

/** ∂L/∂z from ∂L/∂y: times 1 − y² for tanh, [y > 0] for ReLU, σ + y·(1 − σ) for swish. */
function activationGradient(activation: LayerActivation, dy: tf.Tensor2D, [y, sigmoid]: tf.Tensor2D[]): tf.Tensor2D {
  switch (activation) {
    case 'linear':
      return dy;
    case 'tanh':
      return tf.sub(dy, tf.mul(tf.mul(dy, y), y));
    case 'relu':
      return tf.mul(dy, tf.step(y));
    case 'swish':
      return tf.mul(dy, tf.sub(tf.add(sigmoid, y), tf.mul(y, sigmoid)));
  }
}

function affine(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return tf.fused.matMul({ a: x, b: weight, bias }) as tf.Tensor2D;
}

/** A·Wᵀ */
function timesTransposed(a: tf.Tensor2D, weight: tf.Tensor2D): tf.Tensor2D {
  return onWasm() ? tf.matMul(a, tf.transpose(weight)) : tf.matMul(a, weight, false, true);
}

/** ∂L/∂W = Xᵀ·D and ∂L/∂b = Σ D. The wider of X and D is transposed: the other is repacked by the product, which costs more. */
function parameterGradients(x: tf.Tensor2D, d: tf.Tensor2D): [weight: tf.Tensor2D, bias: tf.Tensor1D] {
  const [inputs, outputs] = [x.shape[1], d.shape[1]];
  if (!onWasm()) return [tf.matMul(x, d, true, false), tf.sum(d, 0)];
  const [paddedX, paddedD] = withoutAliasing(x, d);
  const rows = paddedX.shape[0];
  if (inputs < outputs) {
    const transposed = tf.transpose(paddedD);
    const bias = tf.matMul(transposed, tf.ones<tf.Rank.R2>([rows, 1]));
    return [tf.transpose(tf.matMul(transposed, paddedX)), tf.reshape(bias, [outputs])];
  }
  const transposed: tf.Tensor2D = tf.concat([tf.transpose(paddedX), tf.ones<tf.Rank.R2>([1, rows])], 0); // a row for the bias
  const both: tf.Tensor2D = tf.matMul(transposed, paddedD);
  return [tf.slice(both, [0, 0], [inputs, outputs]), tf.reshape(tf.slice(both, [inputs, 0], [1, outputs]), [outputs])];
}

/** Adds zero rows where a transpose would write columns a power of two apart: they share cache lines, and it takes five times as long. */
function withoutAliasing(x: tf.Tensor2D, d: tf.Tensor2D): [tf.Tensor2D, tf.Tensor2D] {
  const rows = x.shape[0];
  if (rows % 256 !== 0 || Math.max(x.shape[1], d.shape[1]) < 16) return [x, d];
  const padded = (matrix: tf.Tensor2D) => tf.concat([matrix, tf.zeros<tf.Rank.R2>([16, matrix.shape[1]])], 0);
  return [padded(x), padded(d)];
}

function onWasm(): boolean {
  return tf.getBackend() === 'wasm';
}
