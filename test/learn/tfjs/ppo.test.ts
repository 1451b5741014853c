import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../plugin/core/random.ts';
import {
  approximateKl,
  categoricalEntropy,
  categoricalKl,
  categoricalLogProb,
  categoricalLogProbs,
  clipFraction,
  gaussianEntropy,
  gaussianKl,
  gaussianLogProb,
  otherKlEstimates,
  penalizedLoss,
  policyGradientLoss,
  surrogateLoss,
  unclippedLoss,
  valueLoss,
} from '../../../plugin/learn/tfjs/ppo.ts';
import { BACKENDS, useBackend, valuesOf } from '../backends.ts';

const DIGITS = 4;

describe.each(BACKENDS)('on %s', (backend) => {
  useBackend(backend);

  const one = async (compute: () => tf.Tensor) => (await valuesOf(compute))[0];
  const vector = (...values: number[]) => tf.tensor1d(values);

  describe('surrogateLoss', () => {
    it.each([
      ['rewards a ratio inside the clip', 1.1, 2, -1.1 * 2],
      ['stops rewarding a good action above the clip', 1.5, 2, -1.2 * 2],
      ['keeps rewarding a good action below the clip', 0.5, 2, -0.5 * 2],
      ['stops rewarding a bad action below the clip', 0.5, -2, 0.8 * 2],
      ['keeps charging a bad action above the clip', 1.5, -2, 1.5 * 2],
    ])('%s', async (_, ratio, advantage, expected) => {
      const loss = await one(() => surrogateLoss(vector(Math.log(ratio) - 3), vector(-3), vector(advantage), 0.2));
      expect(loss).toBeCloseTo(expected, DIGITS);
    });

    it('has no gradient where the reward stops, and −ρÂ/B elsewhere', async () => {
      const gradient = await valuesOf(() =>
        tf.grad((logProb: tf.Tensor) => surrogateLoss(logProb as tf.Tensor1D, vector(0, 0), vector(3, 3), 0.2))(
          vector(Math.log(1.5), Math.log(1.1)),
        ),
      );
      expect(gradient[0]).toBe(0);
      expect(gradient[1]).toBeCloseTo((-1.1 * 3) / 2, DIGITS);
    });
  });

  describe('unclippedLoss', () => {
    it('rewards every ratio, however far', async () => {
      const loss = await one(() => unclippedLoss(vector(Math.log(5), 0), vector(0, 0), vector(2, -1)));
      expect(loss).toBeCloseTo(-(5 * 2 - 1) / 2, DIGITS);
    });
  });

  describe('penalizedLoss', () => {
    it('adds β per nat of divergence', async () => {
      const loss = await one(() =>
        penalizedLoss(vector(Math.log(5), 0), vector(0, 0), vector(2, -1), vector(1, 3), 10),
      );
      expect(loss).toBeCloseTo(-(5 * 2 - 1) / 2 + (10 * (1 + 3)) / 2, DIGITS);
    });
  });

  describe('policyGradientLoss', () => {
    it('has the gradient −Â/B in log π, whatever the ratio', async () => {
      const gradient = await valuesOf(() =>
        tf.grad((logProb: tf.Tensor) => policyGradientLoss(logProb as tf.Tensor1D, vector(3, -5)))(vector(-7, 2)),
      );
      expect(gradient).toEqual([-3 / 2, 5 / 2]);
    });
  });

  describe('gaussianKl', () => {
    it('is 0 between a policy and itself, and sums shift and spread over the components', async () => {
      const mean = () => tf.tensor2d([[1, -1]]);
      expect(await one(() => gaussianKl(mean(), tf.tensor2d([[0.5, -0.5]]), mean(), vector(0.5, -0.5)))).toBeCloseTo(
        0,
        DIGITS,
      );
      const divergence = await one(() =>
        gaussianKl(mean(), tf.tensor2d([[0, 0]]), tf.tensor2d([[1, 1]]), vector(Math.log(3), 0)),
      );
      expect(divergence).toBeCloseTo(Math.log(3) + 1 / (2 * 9) - 1 / 2 + 2 ** 2 / 2, DIGITS);
    });
  });

  describe('categoricalKl', () => {
    it('is Σ p_old·log(p_old/p) over branches, and skips masked choices', async () => {
      const old = [Math.log(1 / 2), Math.log(1 / 2), -1e9, Math.log(1 / 3), Math.log(2 / 3)];
      const logProbs = () => categoricalLogProbs(row([Math.log(3), 0, 5, 0, 0]), row([1, 1, 0, 1, 1]), [3, 2]);
      const first = (Math.log(1 / 2 / (3 / 4)) + Math.log(1 / 2 / (1 / 4))) / 2;
      const second = Math.log(1 / 3 / (1 / 2)) / 3 + (2 * Math.log(2 / 3 / (1 / 2))) / 3;
      expect(await one(() => categoricalKl(row(old), logProbs()))).toBeCloseTo(first + second, DIGITS);
    });
  });

  describe('otherKlEstimates', () => {
    it('are the means of −log ρ and of half its square', async () => {
      const values = await valuesOf(() => tf.stack([...otherKlEstimates(vector(1, -2), vector(0, 0))]));
      expect(values[0]).toBeCloseTo((-1 + 2) / 2, DIGITS);
      expect(values[1]).toBeCloseTo((1 / 2 + 4 / 2) / 2, DIGITS);
    });
  });

  describe('valueLoss', () => {
    it('is the mean squared error without a clip', async () => {
      const loss = await one(() => valueLoss(vector(1, 4), vector(0, 0), vector(3, 3), 0));
      expect(loss).toBeCloseTo(((1 - 3) ** 2 + (4 - 3) ** 2) / 2, DIGITS);
    });

    it('takes the larger error of the value and the value clipped near the old one', async () => {
      const loss = await one(() => valueLoss(vector(2, 2), vector(1, 3), vector(3, 2.9), 0.5));
      const first = Math.max((2 - 3) ** 2, (1 + 0.5 - 3) ** 2);
      const second = Math.max((2 - 2.9) ** 2, (3 - 0.5 - 2.9) ** 2);
      expect(loss).toBeCloseTo((first + second) / 2, DIGITS);
    });
  });

  describe('gaussianLogProb', () => {
    it('sums the log densities of the components', async () => {
      const logProb = await one(() =>
        gaussianLogProb(tf.tensor2d([[1, -1]]), tf.tensor2d([[0, 1]]), vector(0, Math.log(2))),
      );
      const component = (z: number, deviation: number) =>
        -0.5 * z * z - Math.log(deviation) - 0.5 * Math.log(2 * Math.PI);
      expect(logProb).toBeCloseTo(component(1, 1) + component(-2 / 2, 2), DIGITS);
    });
  });

  describe('gaussianEntropy', () => {
    it('is Σ log σ + ½ log 2πe', async () => {
      const entropy = await one(() => gaussianEntropy(vector(-1, 0.5)));
      expect(entropy).toBeCloseTo(-1 + 0.5 + 2 * 0.5 * Math.log(2 * Math.PI * Math.E), DIGITS);
    });
  });

  describe('categoricalLogProbs', () => {
    it.each([
      ['one branch', [3], [Math.log(0.2), Math.log(0.3), Math.log(0.5)], [0.2, 0.3, 0.5]],
      ['branches of one size', [2, 2], [0, Math.log(3), 1, 1], [1 / 4, 3 / 4, 1 / 2, 1 / 2]],
      ['branches of different sizes', [3, 2], [5, 5, 5, 0, Math.log(4)], [1 / 3, 1 / 3, 1 / 3, 1 / 5, 4 / 5]],
    ])('normalizes each branch by itself: %s', async (_, branches, logits, expected) => {
      const probabilities = await valuesOf(() =>
        tf.exp(categoricalLogProbs(row(logits), tf.onesLike(row(logits)), branches)),
      );
      expect(probabilities.map((p, i) => p - expected[i]).every((error) => Math.abs(error) < 1e-5)).toBe(true);
    });

    it('gives a masked choice probability 0 and no gradient', async () => {
      const loss = (logits: tf.Tensor) => {
        const logProbs = categoricalLogProbs(logits as tf.Tensor2D, row([1, 0, 1]), [3]);
        return tf.sum(tf.sub(categoricalLogProb(logProbs, row([1, 0, 0])), categoricalEntropy(logProbs))) as tf.Scalar;
      };
      const probabilities = await valuesOf(() => tf.exp(categoricalLogProbs(row([1, 9, 1]), row([1, 0, 1]), [3])));
      const gradient = await valuesOf(() => tf.grad(loss)(row([1, 9, 1])));
      expect(probabilities[0]).toBeCloseTo(1 / 2, DIGITS);
      expect(probabilities[1]).toBe(0);
      expect(gradient[0]).toBeCloseTo(1 - 1 / 2, DIGITS);
      expect(Math.abs(gradient[1])).toBe(0);
      expect(gradient[2]).toBeCloseTo(-1 / 2, DIGITS);
    });
  });

  describe('categoricalLogProb', () => {
    it('sums the chosen entries of all branches', async () => {
      const logProbs = [Math.log(0.25), Math.log(0.75), Math.log(0.1), Math.log(0.9)];
      expect(await one(() => categoricalLogProb(row(logProbs), row([0, 1, 1, 0])))).toBeCloseTo(
        Math.log(0.75 * 0.1),
        DIGITS,
      );
    });
  });

  describe('categoricalEntropy', () => {
    it('is log n for n equal choices, summed over branches, without masked choices', async () => {
      const entropy = await one(() =>
        categoricalEntropy(categoricalLogProbs(row([2, 2, 2, 0, 0]), row([1, 1, 0, 1, 1]), [3, 2])),
      );
      expect(entropy).toBeCloseTo(Math.log(2) + Math.log(2), DIGITS);
    });
  });

  describe('approximateKl', () => {
    it('is (ρ − 1) − log ρ', async () => {
      const kl = await one(() => approximateKl(vector(Math.log(2), Math.log(0.5)), vector(0, 0)));
      expect(kl).toBeCloseTo((2 - 1 - Math.log(2) + (0.5 - 1 - Math.log(0.5))) / 2, DIGITS);
    });

    it('is 0 for equal policies and never negative', async () => {
      const random = new Random(3);
      const draw = () => vector(...Array.from({ length: 4 }, () => random.normal()));
      expect(await one(() => approximateKl(vector(-1, -7), vector(-1, -7)))).toBe(0);
      for (let i = 0; i < 10; i++) expect(await one(() => approximateKl(draw(), draw()))).toBeGreaterThan(0);
    });
  });

  describe('clipFraction', () => {
    it('is the share of ratios outside the clip', async () => {
      const ratios = [0.7, 0.9, 1, 1.3].map(Math.log);
      expect(await one(() => clipFraction(vector(...ratios), vector(0, 0, 0, 0), 0.2))).toBeCloseTo(2 / 4, DIGITS);
    });
  });
});

function row(values: readonly number[]): tf.Tensor2D {
  return tf.tensor2d([...values], [1, values.length]);
}
