import { describe, expect, it } from 'vitest';
import { measureLayout } from '../../plugin/core/layout.ts';
import { createRollout } from '../../plugin/core/rollout.ts';
import { createMirrors } from '../../plugin/learn/mirror.ts';
import {
  countActive,
  createSamples,
  explainedVariance,
  gatherMinibatch,
  gatherSamples,
  requireRollouts,
  standardise,
} from '../../plugin/learn/samples.ts';
import { Policy } from '../../plugin/policy/policy.ts';
import { createSpec } from './fixtures.ts';

/** Two decisions of two agents whose entries encode their position; agent 1 is absent from decision 0. */
function identifiableRollout() {
  const spec = createSpec('both');
  const rollout = createRollout({ horizon: 2, agents: 2, layout: spec.layout }, false);
  rollout.active.set([1, 0, 1, 1]);
  rollout.mask.fill(1);
  for (let row = 0; row < 4; row++) {
    rollout.observation.set([row, row + 0.1, 100], row * 3);
    rollout.continuousAction.set([10 * row, 10 * row + 1], row * 2);
    rollout.discreteAction.set([row % 3, row % 2], row * 2);
    rollout.logProb[row] = -row;
    rollout.value[row] = 2 * row;
    rollout.advantage[row] = 5;
  }
  return { spec, rollout, sizes: measureLayout(spec.layout) };
}

describe('gatherSamples', () => {
  const { spec, rollout, sizes } = identifiableRollout();
  const weights = new Policy(spec).weights;
  weights.set([1, 0, 0, 2, 1, 1]); // normalizer.mean, normalizer.deviation
  const samples = createSamples(sizes, countActive([rollout, rollout]));
  gatherSamples(spec, weights, [rollout, rollout], createMirrors(spec, []), samples);

  it('takes the active entries of every rollout', () => {
    expect(samples.count).toBe(6);
    expect([...samples.logProb].map((x) => 0 - x)).toEqual([0, 2, 3, 0, 2, 3]);
  });

  it('normalizes and clips observations', () => {
    const expected = [(2 - 1) / 2, 2.1, spec.observationClip];
    expected.forEach((x, i) => {
      expect(samples.observation[3 + i]).toBeCloseTo(x, 6);
    });
  });

  it('marks the choice of each branch', () => {
    expect([...samples.choice.subarray(5, 10)]).toEqual([0, 0, 1, 1, 0]); // 2 of 3, then 0 of 2
    expect([...samples.choice.subarray(10, 15)]).toEqual([1, 0, 0, 0, 1]);
  });

  it('adds advantage and value to the target', () => {
    expect([...samples.target.subarray(0, 3)]).toEqual([5 + 0, 5 + 4, 5 + 6]);
  });
});

describe('gatherMinibatch', () => {
  it('fills up the last minibatch from the start of the order', () => {
    const { spec, rollout, sizes } = identifiableRollout();
    const samples = createSamples(sizes, 3);
    gatherSamples(
      spec,
      new Policy(spec, new Float32Array(new Policy(spec).weights.length).fill(1)).weights,
      [rollout],
      createMirrors(spec, []),
      samples,
    );
    const minibatch = createSamples(sizes, 2);
    gatherMinibatch(sizes, samples, Int32Array.of(2, 0, 1), 2, minibatch);
    expect([...minibatch.logProb]).toEqual([samples.logProb[1], samples.logProb[2]]);
    expect([...minibatch.continuousAction]).toEqual([20, 21, 30, 31]);
  });
});

describe('standardise', () => {
  it('shifts to mean 0 and scales by the deviation over the count', () => {
    const values = Float32Array.of(1, 3, 5, 7);
    standardise(values);
    const deviation = Math.sqrt((9 + 1 + 1 + 9) / 4);
    [1, 3, 5, 7].forEach((x, i) => {
      expect(values[i]).toBeCloseTo((x - 4) / deviation, 6);
    });
  });

  it('turns equal values into 0', () => {
    const values = Float32Array.of(3, 3);
    standardise(values);
    expect([...values]).toEqual([0, 0]);
  });
});

describe('explainedVariance', () => {
  it.each([
    ['1 if the values are right', [1, 2, 3], 1],
    ['1 if they are off by a constant', [3, 4, 5], 1],
    ['0 if they are constant', [7, 7, 7], 0],
    ['negative if they are worse than a constant', [3, 2, 1], 1 - 4],
  ])('is %s', (_, value, expected) => {
    expect(explainedVariance({ target: Float32Array.of(1, 2, 3), value: Float32Array.from(value) })).toBeCloseTo(
      expected,
      6,
    );
  });

  it('is 0 if all targets are equal', () => {
    expect(explainedVariance({ target: Float32Array.of(2, 2), value: Float32Array.of(1, 5) })).toBe(0);
  });
});

describe('requireRollouts', () => {
  it('rejects rollouts of another layout, and shows both', () => {
    const { rollout } = identifiableRollout();
    expect(() => requireRollouts(createSpec('continuous'), [rollout])).toThrow(/branches 3×2.*move 2 continuous/);
  });

  it('rejects a column of the wrong length, with both lengths', () => {
    const { spec, rollout } = identifiableRollout();
    expect(() => requireRollouts(spec, [{ ...rollout, value: new Float32Array(3) }])).toThrow(
      'Column value of rollout 0 has 3 entries, but 2 decisions of 2 agents need 4.',
    );
  });

  it('rejects an empty list', () => {
    expect(() => requireRollouts(createSpec('continuous'), [])).toThrow('[agents] Learner of "test" got no rollouts.');
  });
});
