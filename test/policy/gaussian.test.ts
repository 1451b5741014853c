import { describe, expect, it } from 'vitest';
import { Random } from '../../plugin/core/random.ts';
import { gaussianEntropy, gaussianLogProb, sampleGaussian } from '../../plugin/policy/gaussian.ts';

describe('gaussianLogProb', () => {
  it('is −½ log 2π for each action at the mean of a standard normal distribution', () => {
    const zeros = new Float32Array(3);
    expect(gaussianLogProb(zeros, 0, zeros, 0, zeros, 0, 3)).toBeCloseTo(-1.5 * Math.log(2 * Math.PI), 14);
  });

  it('is the log of the density, summed over the actions', () => {
    const density = (a: number, mean: number, deviation: number) =>
      Math.exp(-((a - mean) ** 2) / (2 * deviation ** 2)) / Math.sqrt(2 * Math.PI * deviation ** 2);
    const logDeviation = Float32Array.of(Math.log(2), Math.log(0.5));
    const sum = gaussianLogProb(Float32Array.of(3, -1), 0, Float32Array.of(1, 0), 0, logDeviation, 0, 2);
    expect(sum).toBeCloseTo(Math.log(density(3, 1, 2)) + Math.log(density(-1, 0, 0.5)), 6);
  });

  it('reads each argument from its own offset', () => {
    const action = Float32Array.of(99, 1);
    const mean = Float32Array.of(99, 99, 0);
    const logDeviation = Float32Array.of(99, 99, 99, 0);
    expect(gaussianLogProb(action, 1, mean, 2, logDeviation, 3, 1)).toBeCloseTo(-0.5 - 0.5 * Math.log(2 * Math.PI), 14);
  });

  it('is 0 without actions', () => {
    const none = new Float32Array(0);
    expect(gaussianLogProb(none, 0, none, 0, none, 0, 0)).toBe(0);
  });
});

describe('sampleGaussian', () => {
  it('is mean + deviation · normal, each from its own offset', () => {
    const action = new Float32Array(4);
    const mean = Float32Array.of(99, 10, 20);
    const logDeviation = Float32Array.of(99, 99, Math.log(2), Math.log(0.5));
    sampleGaussian(action, 1, mean, 1, logDeviation, 2, 2, new Random(4));
    const random = new Random(4);
    expect(action[0]).toBe(0);
    expect(action[1]).toBeCloseTo(10 + 2 * random.normal(), 5);
    expect(action[2]).toBeCloseTo(20 + 0.5 * random.normal(), 5);
    expect(action[3]).toBe(0);
  });

  it('is distributed around its mean with its deviation', () => {
    const draws = 10_000;
    const random = new Random(5);
    const action = new Float32Array(1);
    const values = Array.from({ length: draws }, () => {
      sampleGaussian(action, 0, Float32Array.of(3), 0, Float32Array.of(Math.log(0.25)), 0, 1, random);
      return action[0];
    });
    const mean = values.reduce((sum, value) => sum + value, 0) / draws;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws;
    expect(Math.abs(mean - 3)).toBeLessThan((5 * 0.25) / Math.sqrt(draws));
    expect(Math.abs(variance / 0.25 ** 2 - 1)).toBeLessThan(5 * Math.sqrt(2 / draws));
  });
});

describe('gaussianEntropy', () => {
  it('is ½ log 2πeσ², summed over the actions', () => {
    const entropy = (deviation: number) => 0.5 * Math.log(2 * Math.PI * Math.E * deviation ** 2);
    expect(gaussianEntropy(Float32Array.of(Math.log(2), Math.log(0.5), 0))).toBeCloseTo(
      entropy(2) + entropy(0.5) + entropy(1),
      6,
    );
  });

  it('is the mean of −log π over draws', () => {
    const draws = 10_000;
    const random = new Random(6);
    const [action, mean, logDeviation] = [new Float32Array(1), Float32Array.of(1), Float32Array.of(-0.5)];
    let sum = 0;
    for (let i = 0; i < draws; i++) {
      sampleGaussian(action, 0, mean, 0, logDeviation, 0, 1, random);
      sum -= gaussianLogProb(action, 0, mean, 0, logDeviation, 0, 1);
    }
    // −log π is a constant and ½z², whose variance is ½
    expect(Math.abs(sum / draws - gaussianEntropy(logDeviation))).toBeLessThan(5 * Math.sqrt(0.5 / draws));
  });

  it('is 0 without actions', () => {
    expect(gaussianEntropy(new Float32Array(0))).toBe(0);
  });
});
