import { describe, expect, it } from 'vitest';
import { measureLayout } from '../../plugin/core/layout.ts';
import { beginWith } from '../../plugin/learn/begin-with.ts';
import { createLearnerState } from '../../plugin/learn/initialize.ts';
import { LEARNER_DEFAULTS } from '../../plugin/learn/settings.ts';
import { requireSlice, weightLayout } from '../../plugin/policy/network.ts';
import type { PolicySpec } from '../../plugin/policy/policy.ts';

const layout = {
  sensors: [{ name: 'place', size: 2 }],
  actuators: [{ name: 'push', continuous: 1, branches: [] }],
};

describe('beginWith', () => {
  it.each(['shared', 'separate'] as const)('takes the actor and its normalizer, beside a fresh %s critic', (critic) => {
    const network = { hidden: [3], activation: 'tanh', critic } as const;
    const clock = { timeStep: 0.02, decisionPeriod: 5 };
    const spec: PolicySpec = { name: 'mover', layout, network, observationClip: 10, bounds: 'clip', ...clock };
    const state = createLearnerState(spec, LEARNER_DEFAULTS, 1);
    const [into, own] = [network, { ...network, critic: 'none' } as const].map((net) =>
      weightLayout(measureLayout(layout), net),
    );
    const weights = Float32Array.from({ length: own.size }, (_, i) => i + 1); // mean 1, 2; deviation 3, 4; …
    const begun = beginWith(state, spec, { weights, observations: 50 });
    for (const { name, offset, size } of into.slices) {
      const source = own.slices.find((slice) => slice.name === name);
      const expected = source
        ? weights.subarray(source.offset, source.offset + size)
        : state.weights.subarray(offset, offset + size);
      expect([name, ...begun.weights.subarray(offset, offset + size)]).toEqual([name, ...expected]);
    }
    expect(begun.observation).toEqual({
      count: 50,
      mean: Float64Array.of(1, 2),
      squares: Float64Array.of(50 * 3 ** 2, 50 * 4 ** 2),
    });
    expect([begun.steps, begun.valueTarget.count, Math.max(...begun.firstMoment)]).toEqual([0, 0, 0]);
    expect(state.weights[requireSlice(into, 'normalizer.mean').offset]).toBe(0); // the fresh state is left alone
  });
});
