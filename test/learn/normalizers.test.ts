import { describe, expect, it } from 'vitest';
import { followObservations, followTargets, rescaleValueHead, valueScale } from '../../plugin/learn/normalizers.ts';
import { RolloutPolicy } from '../../plugin/policy/rollout-policy.ts';
import { createSpec, noisyWeights } from './fixtures.ts';

const NOTHING = { count: 0, mean: new Float64Array(1), squares: new Float64Array(1) };

const samplesWith = (target: readonly number[], value: readonly number[]) =>
  ({ count: target.length, target: Float32Array.from(target), value: Float32Array.from(value) }) as Parameters<
    typeof followTargets
  >[1];

describe('followTargets', () => {
  it('takes mean and deviation of the targets', () => {
    const { scale } = followTargets(NOTHING, samplesWith([1, 5], [1, 5]));
    expect(scale).toEqual({ mean: 3, deviation: 2 });
  });

  it('weights earlier targets as at most nine rollouts', () => {
    const long = { count: 1e6, mean: Float64Array.of(0), squares: Float64Array.of(1e6) };
    const { scale, moments } = followTargets(long, samplesWith([10, 10], [10, 10]));
    expect(moments.count).toBe(10 * 2);
    expect(scale.mean).toBeCloseTo((9 * 0 + 1 * 10) / 10, 6);
  });

  it('is no finer than the error of the values, so that constant targets stay small', () => {
    const { scale } = followTargets(NOTHING, samplesWith([4, 4], [1, 7]));
    expect(scale).toEqual({ mean: 4, deviation: 3 });
  });

  it.each([
    ['a thousandth of the mean', 50, 0.05],
    ['a number above 0', 0, 1e-8],
  ])('is at least %s', (_, target, expected) => {
    const { scale } = followTargets(NOTHING, samplesWith([target, target], [target, target]));
    expect(scale.deviation).toBeCloseTo(expected, 8);
    expect(scale.deviation).toBeGreaterThan(0);
  });
});

describe('rescaleValueHead', () => {
  it.each(['shared', 'separate'] as const)('does not change the values of a %s critic', (critic) => {
    const spec = createSpec('continuous', { critic });
    const policy = new RolloutPolicy(spec, noisyWeights(spec));
    const observation = Float32Array.of(1, -1, 0.5, 0, 2, -3);
    const before = new Float32Array(2);
    const after = new Float32Array(2);
    policy.values(observation, before);
    rescaleValueHead(policy.weightLayout, policy.weights, { mean: -40, deviation: 25 });
    policy.update(policy.weights);
    policy.values(observation, after);
    expect(valueScale(policy.weightLayout, policy.weights)).toEqual({ mean: -40, deviation: 25 });
    before.forEach((value, i) => {
      expect(after[i]).toBeCloseTo(value, 4);
    });
  });
});

describe('followObservations', () => {
  it('merges observations and writes mean and deviation, at least 1e-4', () => {
    const { weightLayout, weights } = new RolloutPolicy(createSpec('continuous'));
    const seen = { count: 2, mean: Float64Array.of(0, 5, 0), squares: Float64Array.of(2, 0, 0) };
    const news = { count: 2, mean: Float64Array.of(4, 5, 0), squares: Float64Array.of(2, 0, 0) };
    const moments = followObservations(seen, news, weightLayout, weights);
    expect(moments.count).toBe(4);
    expect([...weights.subarray(0, 3)]).toEqual([2, 5, 0]);
    const deviations = [Math.sqrt((2 + 2 + (4 * 4 * (2 * 2)) / 4) / 4), 1e-4, 1e-4];
    deviations.forEach((deviation, i) => {
      expect(weights[3 + i]).toBeCloseTo(deviation, 6);
    });
  });
});
