import { describe, expect, it } from 'vitest';
import { DivergenceMeter } from '../../plugin/learn/divergence.ts';
import { requireSlice } from '../../plugin/policy/network.ts';
import { RolloutPolicy } from '../../plugin/policy/rollout-policy.ts';
import { type Actions, collect, createSpec, noisyWeights } from './fixtures.ts';

const EVERY: readonly Actions[] = ['continuous', 'discrete', 'both'];

describe('DivergenceMeter', () => {
  it.each(EVERY)('is 0 between a policy and itself: %s', (actions) => {
    const spec = createSpec(actions);
    const weights = noisyWeights(spec);
    expect(new DivergenceMeter(spec).measure(weights, [collect(spec, { weights })])).toBeCloseTo(0, 6);
  });

  it('matches the closed form for Gaussians: one shifted, one widened', () => {
    const spec = createSpec('continuous');
    const weights = noisyWeights(spec);
    const { weightLayout } = new RolloutPolicy(spec);
    const rollout = collect(spec, { weights });
    const bias = requireSlice(weightLayout, 'continuous.bias').offset;
    const logDeviation = requireSlice(weightLayout, 'continuous.logDeviation').offset;
    weights[bias] += 0.3;
    const deviation = Math.exp(weights[logDeviation]);
    const shifted = 0.3 ** 2 / (2 * deviation ** 2);
    expect(new DivergenceMeter(spec).measure(weights, [rollout])).toBeCloseTo(shifted, 5);
    weights[bias] -= 0.3;
    weights[logDeviation + 1] += Math.log(2);
    const widened = Math.log(2) + 1 / (2 * 4) - 1 / 2;
    expect(new DivergenceMeter(spec).measure(weights, [rollout])).toBeCloseTo(widened, 5);
  });

  it('matches the closed form for choices, skips masked ones, and counts only active entries', () => {
    const spec = createSpec('discrete', { hidden: [] });
    const weights = noisyWeights(spec);
    const { weightLayout } = new RolloutPolicy(spec);
    const weight = requireSlice(weightLayout, 'discrete.weight');
    weights.fill(0, weight.offset, weight.offset + weight.size);
    const bias = requireSlice(weightLayout, 'discrete.bias').offset;
    weights.set([0, 0, 0, 0, 0], bias);
    const rollout = collect(spec, { weights });
    rollout.mask.fill(1);
    for (let row = 0; row < 48; row++) {
      rollout.mask[row * 5 + 1] = 0;
      rollout.logProbs.set([Math.log(1 / 2), -Infinity, Math.log(1 / 2), Math.log(1 / 2), Math.log(1 / 2)], row * 5);
      if (rollout.active[row] === 0) rollout.logProbs.fill(-7, row * 5, row * 5 + 5);
    }
    weights[bias] = Math.log(3); // the first branch: 3/4 and 1/4 of the allowed choices
    const expected = (Math.log(1 / 2 / (3 / 4)) + Math.log(1 / 2 / (1 / 4))) / 2;
    expect(new DivergenceMeter(spec).measure(weights, [rollout])).toBeCloseTo(expected, 5);
  });
});
