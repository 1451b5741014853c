import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../plugin/core/random.ts';
import { dense, firstDense, type LayerActivation } from '../../../plugin/learn/tfjs/dense.ts';
import { BACKENDS, relativeDistance, useBackend, valuesOf } from '../backends.ts';

/** The layer in operations that tfjs differentiates by itself. */
function plainDense(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D, activation: LayerActivation): tf.Tensor2D {
  const z = tf.add<tf.Tensor2D>(tf.matMul(x, weight), bias);
  if (activation === 'tanh') return tf.tanh(z);
  if (activation === 'relu') return tf.relu(z);
  return activation === 'swish' ? tf.mul(z, tf.sigmoid(z)) : z;
}

function draw(shape: [number, number] | [number], seed: number): tf.Tensor {
  const random = new Random(seed);
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => random.normal()),
    shape,
  );
}

describe.each(BACKENDS)('on %s', (backend) => {
  useBackend(backend);

  const activations: LayerActivation[] = ['linear', 'tanh', 'relu', 'swish'];

  describe('dense', () => {
    it.each(activations)('agrees with tfjs in value and gradients: %s', async (activation) => {
      const everything = (layer: typeof dense) => () => {
        const inputs = [draw([7, 4], 1), draw([4, 5], 2), draw([5], 3)];
        const { value, grads } = tf.valueAndGrads((...[x, w, b]: tf.Tensor[]) =>
          tf.sum(tf.square(layer(x as tf.Tensor2D, w as tf.Tensor2D, b as tf.Tensor1D, activation))),
        )(inputs);
        return tf.concat([value, ...grads].map((tensor) => tf.reshape(tensor, [-1])));
      };
      expect(relativeDistance(await valuesOf(everything(dense)), await valuesOf(everything(plainDense)))).toBeLessThan(
        1e-5,
      );
    });

    it.each([
      ['as many inputs as outputs', 256, 16, 16],
      ['more inputs', 256, 20, 2],
      ['more outputs', 512, 3, 20],
      ['narrow layers', 256, 3, 2],
      ['rows that are no power of two', 100, 20, 20],
    ])('has the right gradients for %s', async (_, rows, inputs, outputs) => {
      const gradients = (layer: typeof dense) => () => {
        const grads = tf.grads((...[x, w, b]: tf.Tensor[]) =>
          tf.sum(tf.square(layer(x as tf.Tensor2D, w as tf.Tensor2D, b as tf.Tensor1D, 'tanh'))),
        )([draw([rows, inputs], 4), draw([inputs, outputs], 5), draw([outputs], 6)]);
        return tf.concat(grads.map((tensor) => tf.reshape(tensor, [-1])));
      };
      expect(relativeDistance(await valuesOf(gradients(dense)), await valuesOf(gradients(plainDense)))).toBeLessThan(
        1e-4,
      );
    });
  });

  describe('firstDense', () => {
    it.each(activations)('has the gradients of dense() for weights and biases: %s', async (activation) => {
      const gradients = (layer: typeof dense) => () => {
        const x = draw([6, 3], 7) as tf.Tensor2D;
        const grads = tf.grads((...[w, b]: tf.Tensor[]) =>
          tf.sum(tf.square(layer(x, w as tf.Tensor2D, b as tf.Tensor1D, activation))),
        )([draw([3, 4], 8), draw([4], 9)]);
        return tf.concat(grads.map((tensor) => tf.reshape(tensor, [-1])));
      };
      expect(await valuesOf(gradients(firstDense))).toEqual(await valuesOf(gradients(dense)));
    });
  });
});
