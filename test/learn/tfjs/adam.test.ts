import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { adamStep, adaptLearningRate, clipByGlobalNorm } from '../../../plugin/learn/tfjs/adam.ts';
import { BACKENDS, useBackend, valuesOf } from '../backends.ts';

describe.each(BACKENDS)('on %s', (backend) => {
  useBackend(backend);

  describe('adamStep', () => {
    it('moves by α·m̂ / (√v̂ + ε)', async () => {
      const start = () => ({
        weights: tf.tensor1d([1]),
        firstMoment: tf.tensor1d([0.2]),
        secondMoment: tf.tensor1d([0.04]),
      });
      const [weight, first, second] = await valuesOf(() => {
        const { weights, firstMoment, secondMoment } = adamStep(start(), tf.tensor1d([0.5]), tf.scalar(0.1), 3);
        return tf.concat([weights, firstMoment, secondMoment]);
      });
      const m = 0.9 * 0.2 + 0.1 * 0.5;
      const v = 0.999 * 0.04 + 0.001 * 0.5 ** 2;
      const step = (0.1 * (m / (1 - 0.9 ** 3))) / (Math.sqrt(v / (1 - 0.999 ** 3)) + 1e-5);
      expect(first).toBeCloseTo(m, 6);
      expect(second).toBeCloseTo(v, 6);
      expect(weight).toBeCloseTo(1 - step, 5);
    });

    it('moves by about the learning rate in the first step, whatever the gradient', async () => {
      const zero = () => tf.tensor1d([0, 0]);
      const moved = await valuesOf(
        () =>
          adamStep(
            { weights: zero(), firstMoment: zero(), secondMoment: zero() },
            tf.tensor1d([40, -0.3]),
            tf.scalar(0.01),
            1,
          ).weights,
      );
      expect(moved[0]).toBeCloseTo(-0.01, 5);
      expect(moved[1]).toBeCloseTo(0.01, 5);
    });
  });

  describe('clipByGlobalNorm', () => {
    it.each([
      ['scales a longer gradient down', 1, [0.6, 0.8]],
      ['leaves a shorter gradient alone', 10, [3, 4]],
      ['also leaves it alone with a bound beyond float32', 1e39, [3, 4]],
    ])('%s', async (_, most, expected) => {
      const [x, y, norm] = await valuesOf(() => {
        const { gradient, norm } = clipByGlobalNorm(tf.tensor1d([3, 4]), most);
        return tf.concat([gradient, tf.reshape(norm, [1])]);
      });
      expect(norm).toBeCloseTo(5, 5);
      expect(x).toBeCloseTo(expected[0], 5);
      expect(y).toBeCloseTo(expected[1], 5);
    });
  });

  describe('adaptLearningRate', () => {
    it.each([
      ['falls if the divergence is above twice the target', 3e-4, 0.021, 3e-4 / 1.5],
      ['rises if the divergence is below half of the target', 3e-4, 0.0049, 3e-4 * 1.5],
      ['stays in between', 3e-4, 0.012, 3e-4],
      ['does not fall below 1e-5', 1.2e-5, 1, 1e-5],
      ['does not rise above 1e-2', 9e-3, 0, 1e-2],
    ])('%s', async (_, rate, kl, expected) => {
      const [adapted] = await valuesOf(() => adaptLearningRate(tf.scalar(rate), tf.scalar(kl), 0.01));
      expect(adapted / expected).toBeCloseTo(1, 5);
    });
  });
});
