import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Rollout } from '../../plugin/core/rollout.ts';
import type { BackendName } from '../../plugin/learn/backend.ts';
import type { CreateEngine } from '../../plugin/learn/engine.ts';
import { createLearnerState } from '../../plugin/learn/initialize.ts';
import type { LearnerState } from '../../plugin/learn/learner.ts';
import { createLearner } from '../../plugin/learn/ppo-learner.ts';
import type { LearnerSettings } from '../../plugin/learn/settings.ts';
import { createTfjsEngine } from '../../plugin/learn/tfjs/engine.ts';
import { createWasmEngine } from '../../plugin/learn/wasm/engine.ts';
import { requireSlice } from '../../plugin/policy/network.ts';
import type { PolicySpec } from '../../plugin/policy/policy.ts';
import { RolloutPolicy } from '../../plugin/policy/rollout-policy.ts';
import { BACKENDS, relativeDistance, useBackend } from './backends.ts';
import {
  type Actions,
  collect,
  createSettings,
  createSpec,
  noisyWeights,
  observationMoments,
  requestOf,
} from './fixtures.ts';

/** An engine, and the TensorFlow.js backend that must be open for it. */
type Engine = [name: string, createEngine: CreateEngine, backend?: BackendName];

const ENGINES: readonly Engine[] = [
  ...BACKENDS.map((name): Engine => [`TensorFlow.js on ${name}`, createTfjsEngine, name]),
  ['WebAssembly', createWasmEngine],
];

/** The fixtures for the tests of one engine. */
function casesOf(createEngine: CreateEngine) {
  return {
    /** A learner with noisy weights, and a rollout of its policy. */
    createCase(actions: Actions, options: Partial<LearnerSettings> = {}, spec = createSpec(actions)) {
      const settings = createSettings(options);
      const state: LearnerState = { ...createLearnerState(spec, settings, 1), weights: noisyWeights(spec) };
      const learner = createLearner(spec, settings, state, createEngine);
      return { spec, settings, state, learner, rollout: collect(spec, state) };
    },

    /** One update per seed, each with a rollout of the current policy. */
    async learn(
      spec: PolicySpec,
      settings: LearnerSettings,
      start: LearnerState,
      seeds: readonly number[],
    ): Promise<LearnerState> {
      const learner = createLearner(spec, settings, start, createEngine);
      for (const seed of seeds)
        await learner.update(requestOf(collect(spec, learner.state(), seed), { seed: 9, update: seed }));
      return learner.state();
    },
  };
}

function sliceOf(spec: PolicySpec, weights: Float32Array, name: string): Float32Array {
  const { offset, size } = requireSlice(new RolloutPolicy(spec).weightLayout, name);
  return weights.slice(offset, offset + size);
}

describe.each(ENGINES)('createLearner with %s', (_, createEngine, backend) => {
  if (backend) useBackend(backend);
  const { createCase, learn } = casesOf(createEngine);

  it.each(['continuous', 'discrete', 'both'] as const)(
    'starts at ratio 1: the first minibatch has no divergence (%s)',
    async (actions) => {
      const { learner, rollout } = createCase(actions, { epochs: 1, minibatch: 1000 });
      const { statistics } = await learner.update(requestOf(rollout));
      expect(statistics.gradientSteps).toBe(1);
      expect(Math.abs(statistics.approximateKl)).toBeLessThan(1e-6);
      expect(statistics.clipFraction).toBe(0);
      expect(statistics.policyLoss).toBeCloseTo(0, 5); // −mean of advantages with mean 0
    },
  );

  it('learns only from the active samples, in minibatches of one size', async () => {
    const { learner, rollout } = createCase('both');
    const { statistics } = await learner.update(requestOf(rollout));
    expect(statistics.samples).toBe(12 * 4 - 4);
    expect(statistics.gradientSteps).toBe(Math.ceil(44 / 24));
  });

  it('is not affected by the content of inactive entries', async () => {
    const { spec, settings, state, rollout } = createCase('both');
    const other = structuredClone(rollout);
    other.active.forEach((active, row) => {
      if (active === 0) other.advantage[row] = other.value[row] = 1e6;
    });
    const results = [rollout, other].map((r) =>
      createLearner(spec, settings, state, createEngine).update(requestOf(r)),
    );
    const [first, second] = [await results[0], await results[1]];
    expect(second.weights).toEqual(first.weights);
  });

  it('gives the same bytes for the same seed, and others for a different one', async () => {
    const { spec, settings, state } = createCase('both');
    const first = await learn(spec, settings, state, [1]);
    expect(await learn(spec, settings, state, [1])).toEqual(first);
    expect((await learn(spec, settings, state, [2])).weights).not.toEqual(first.weights);
  });

  it('continues from its state as if uninterrupted', async () => {
    const { spec, settings, state } = createCase('continuous', { learningRateSchedule: 'adaptive' });
    const halfway = structuredClone(await learn(spec, settings, state, [1]));
    expect(await learn(spec, settings, halfway, [2])).toEqual(await learn(spec, settings, state, [1, 2]));
  });

  it('keeps no tensors between updates', async () => {
    const { learner, rollout } = createCase('both', { learningRateSchedule: 'adaptive', valueClip: 0.2 });
    const before = tf.memory().numTensors;
    for (let update = 0; update < 3; update++) {
      await learner.update(requestOf(rollout, { update }));
      expect(tf.memory().numTensors).toBe(before);
    }
    learner.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('moves the policy’s mean toward rewarded actions', async () => {
    const { spec, learner, rollout } = createCase('continuous', { learningRate: 0.01 });
    const meanOf = (weights: Float32Array) => {
      const actions = new Float32Array(96);
      new RolloutPolicy(spec, weights).act(rollout.observation, actions);
      return actions.filter((_, i) => i % 2 === 0).reduce((sum, x) => sum + x / 48, 0);
    };
    rollout.advantage.forEach((_, row) => {
      rollout.advantage[row] = rollout.continuousAction[2 * row];
    });
    const before = meanOf(learner.state().weights);
    const { weights } = await learner.update(requestOf(rollout));
    expect(meanOf(weights)).toBeGreaterThan(before + 0.01);
  });

  it('makes the rewarded choice likelier', async () => {
    const spec = createSpec('discrete', { hidden: [] });
    const { learner, rollout } = createCase('discrete', { learningRate: 0.05, normalizeObservation: false }, spec);
    rollout.advantage.forEach((_, row) => {
      rollout.advantage[row] = rollout.discreteAction[2 * row] === 2 ? 1 : -1;
    });
    const before = sliceOf(spec, learner.state().weights, 'discrete.bias');
    const { weights } = await learner.update(requestOf(rollout));
    const after = sliceOf(spec, weights, 'discrete.bias');
    expect(after[2] - after[0]).toBeGreaterThan(before[2] - before[0]);
    expect(after[2] - after[1]).toBeGreaterThan(before[2] - before[1]);
  });

  it('learns the same policy whatever the unit of the reward', async () => {
    const { spec, settings, state, rollout } = createCase('both');
    const scaled: LearnerState = { ...state, weights: state.weights.slice() };
    for (const name of ['value.mean', 'value.deviation']) {
      scaled.weights[requireSlice(new RolloutPolicy(spec).weightLayout, name).offset] *= 1000;
    }
    const times1000 = (column: Float32Array) => column.map((x) => x * 1000);
    const { reward, value, advantage, finalValue, lastValue } = rollout;
    const scaledRollout: Rollout = {
      ...rollout,
      reward: times1000(reward),
      value: times1000(value),
      advantage: times1000(advantage),
      finalValue: times1000(finalValue),
      lastValue: times1000(lastValue),
    };
    const one = await createLearner(spec, settings, state, createEngine).update(requestOf(rollout));
    const thousand = await createLearner(spec, settings, scaled, createEngine).update(requestOf(scaledRollout));
    for (const { name } of new RolloutPolicy(spec).weightLayout.slices) {
      if (name === 'value.mean' || name === 'value.deviation') continue;
      const [a, b] = [one, thousand].map(({ weights }) => sliceOf(spec, weights, name));
      expect(relativeDistance(b, a), name).toBeLessThan(1e-3);
    }
  });

  it('keeps the values when it rescales the value head', async () => {
    const { spec, state, learner, rollout } = createCase('continuous', {
      learningRate: 0,
      normalizeObservation: false,
    });
    const { weights } = await learner.update(requestOf(rollout));
    const [before, after] = [state.weights, weights].map((p) => {
      const values = new Float32Array(48);
      new RolloutPolicy(spec, p).values(rollout.observation, values);
      return values;
    });
    expect(sliceOf(spec, weights, 'value.mean')).not.toEqual(sliceOf(spec, state.weights, 'value.mean'));
    expect(relativeDistance(after, before)).toBeLessThan(1e-5);
  });

  it('leaves normalizers alone if disabled', async () => {
    const { spec, state, learner, rollout } = createCase('continuous', {
      normalizeObservation: false,
      normalizeValue: false,
    });
    const { weights } = await learner.update(requestOf(rollout));
    const { trainable } = new RolloutPolicy(spec).weightLayout;
    expect(weights.slice(0, trainable)).toEqual(state.weights.slice(0, trainable));
  });

  it('normalizes by the observations it was given, from the next rollout on', async () => {
    const { spec, learner, rollout } = createCase('continuous');
    const { weights } = await learner.update(requestOf(rollout));
    const moments = observationMoments(rollout, 3);
    expect(sliceOf(spec, weights, 'normalizer.mean')).toEqual(Float32Array.from(moments.mean));
    expect(sliceOf(spec, weights, 'normalizer.deviation')).toEqual(
      Float32Array.from(moments.squares, (x) => Math.sqrt(x / 44)),
    );
    expect(learner.state().observation).toEqual(moments);
  });

  it.each([
    ['halves β if the policy moved too little', 1, 1 / 2],
    ['doubles β if it moved too far', 1e-9, 2],
  ])('with kl-adaptive %s, and reports how far', async (_, targetKl, factor) => {
    const { learner, rollout } = createCase('both', { objective: 'kl-adaptive', klCoefficient: 3, targetKl });
    const { statistics } = await learner.update(requestOf(rollout));
    expect(statistics.klCoefficient).toBe(3);
    expect(statistics.divergence).toBeGreaterThan(0);
    expect(statistics.divergence).toBeLessThan(1);
    expect(learner.state().klCoefficient).toBe(3 * factor);
    const next = await learner.update(requestOf(rollout, { update: 1 }));
    expect(next.statistics.klCoefficient).toBe(3 * factor);
  });

  it('keeps β with kl-fixed, and has none with clip', async () => {
    const fixed = createCase('discrete', { objective: 'kl-fixed', klCoefficient: 10 });
    await fixed.learner.update(requestOf(fixed.rollout));
    expect(fixed.learner.state().klCoefficient).toBe(10);
    const clipped = createCase('discrete');
    const { statistics } = await clipped.learner.update(requestOf(clipped.rollout));
    expect(statistics).toMatchObject({ divergence: null, klCoefficient: null });
  });

  it('moves less the more divergence costs', async () => {
    const moved = async (klCoefficient: number) => {
      const options = { objective: 'kl-fixed', klCoefficient, learningRate: 1e-2, epochs: 4 } as const;
      const { learner, rollout } = createCase('both', options);
      return (await learner.update(requestOf(rollout))).statistics.divergence as number;
    };
    expect(await moved(100)).toBeLessThan((await moved(0)) / 2);
  });

  it('keeps log σ in [−5, 2]', async () => {
    for (const entropyCoefficient of [-100, 100]) {
      const { spec, learner, rollout } = createCase('continuous', { learningRate: 3, entropyCoefficient, epochs: 1 });
      const { weights } = await learner.update(requestOf(rollout));
      const bound = entropyCoefficient > 0 ? 2 : -5;
      expect([...sliceOf(spec, weights, 'continuous.logDeviation')]).toEqual([bound, bound]);
    }
  });

  it.each([
    ['falls with the remaining budget if linear', 'linear', 0.01, 1e-3 * 0.25],
    ['stays if constant', 'constant', 0.01, 1e-3],
    ['rises if the policy moves too little, once per gradient step except the first', 'adaptive', 10, 1e-3 * 1.5 ** 3],
    ['falls if the policy moves too far', 'adaptive', 1e-12, 1e-3 / 1.5 ** 3],
  ] as const)('has a learning rate that %s', async (_, learningRateSchedule, targetKl, expected) => {
    const { learner, rollout } = createCase('continuous', {
      epochs: 2,
      learningRate: 1e-3,
      learningRateSchedule,
      targetKl,
    });
    const { statistics } = await learner.update(requestOf(rollout, { remaining: 0.25 }));
    expect(statistics.gradientSteps).toBe(4);
    expect(statistics.learningRate / expected).toBeCloseTo(1, 4);
  });

  it('drops a non-finite update, and continues', async () => {
    const { learner, rollout } = createCase('continuous');
    const broken = { ...rollout, advantage: rollout.advantage.map(() => Number.NaN) };
    const before = learner.state();
    await expect(learner.update(requestOf(broken))).rejects.toThrow(
      '[agents] Update 0 of "test" produced non-finite weights',
    );
    expect(learner.state()).toEqual(before);
    await learner.update(requestOf(rollout));
  });

  it('drops an update whose policy could not be read back from a file', async () => {
    const once = { epochs: 1, minibatch: 4096, learningRateSchedule: 'constant' } as const;
    const far = createCase('continuous', { ...once, learningRate: 1e37 });
    await expect(far.learner.update(requestOf(far.rollout))).rejects.toThrow(
      /^\[agents\] Update 0 of "test" produced a policy that has weights in "[\w.]+" that are too large and was dropped\. Lower the learning rate\.$/,
    );
  });
});

describe('createLearner', () => {
  const { createCase } = casesOf(createWasmEngine);

  it('reports that there is nothing to learn from if no agent was active', async () => {
    const { learner, rollout } = createCase('continuous');
    rollout.active.fill(0);
    await expect(learner.update(requestOf(rollout))).rejects.toThrow('[agents] Update 0 of "test" has no samples');
  });

  it('drops an update with non-finite moments, which no checkpoint could hold', async () => {
    const once = { epochs: 1, minibatch: 4096, learningRateSchedule: 'constant' } as const;
    const steep = createCase('continuous', { ...once, normalizeAdvantage: false, maxGradientNorm: 1e30 });
    const rollout = { ...steep.rollout, advantage: steep.rollout.advantage.map(() => 1e25) };
    await expect(steep.learner.update(requestOf(rollout))).rejects.toThrow(
      '[agents] Update 0 of "test" produced non-finite gradient moments',
    );
  });

  it('rejects an initial policy that could not be read back from a file', () => {
    const { spec, settings, state } = createCase('continuous');
    const weights = state.weights.map(() => 1e30);
    expect(() => createLearner(spec, settings, { ...state, weights }, createWasmEngine)).toThrow(
      /^\[agents\] Learner of "test" would start with a policy that has weights in "[\w.]+" that are too large/,
    );
  });

  it('rejects statistics of different observations', async () => {
    const { learner, rollout } = createCase('continuous');
    const observation = { count: 1, mean: new Float64Array(2), squares: new Float64Array(2) };
    await expect(learner.update(requestOf(rollout, { observation }))).rejects.toThrow(
      'statistics of 2 observed floats, but its agents observe 3',
    );
  });

  it('rejects an update before the previous one is done, and any after dispose()', async () => {
    const { learner, rollout } = createCase('continuous');
    const first = learner.update(requestOf(rollout));
    await expect(learner.update(requestOf(rollout))).rejects.toThrow('while updating');
    await first;
    learner.dispose();
    await expect(learner.update(requestOf(rollout))).rejects.toThrow('while disposed');
  });

  it('rejects a policy without a critic, the state of another network, and settings without a step', () => {
    const { spec, settings, state } = createCase('continuous');
    const withoutCritic = { ...spec, network: { ...spec.network, critic: 'none' as const } };
    expect(() => createLearner(withoutCritic, settings, state, createWasmEngine)).toThrow('has no critic');
    expect(() => createLearner(spec, settings, { ...state, weights: new Float32Array(3) }, createWasmEngine)).toThrow(
      'but got 3, ',
    );
    expect(() => createLearner(spec, { ...settings, minibatch: 0 }, state, createWasmEngine)).toThrow(
      'setting minibatch of "test" is 0',
    );
  });
});
