import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Samples } from '../../../plugin/learn/samples.ts';
import { createActorCritic, sliceWeights } from '../../../plugin/learn/tfjs/actor-critic.ts';
import { uploadMinibatch } from '../../../plugin/learn/tfjs/engine.ts';
import { lossAndGradient } from '../../../plugin/learn/tfjs/gradient-step.ts';
import { evaluateActions } from '../../../plugin/learn/tfjs/objective.ts';
import type { NetworkSpec } from '../../../plugin/policy/network.ts';
import { Policy, type PolicySpec } from '../../../plugin/policy/policy.ts';
import { BACKENDS, relativeDistance, useBackend, valuesOf } from '../backends.ts';
import { type Actions, collect, createSettings, createSpec, noisyWeights, samplesOf } from '../fixtures.ts';

const NETWORKS: readonly [Actions, NetworkSpec['critic'], NetworkSpec['activation']][] = [
  ['continuous', 'shared', 'tanh'],
  ['discrete', 'shared', 'relu'],
  ['both', 'shared', 'swish'],
  ['continuous', 'separate', 'swish'],
  ['discrete', 'separate', 'tanh'],
  ['both', 'separate', 'relu'],
  ['both', 'shared', 'elu'],
];

/** Loss [1] and gradient [P − trainable] at `weights`. */
function lossAndGradientOf(spec: PolicySpec, weights: Float32Array, samples: Samples): () => tf.Tensor1D {
  const { sizes, weightLayout } = new Policy(spec);
  const settings = createSettings({ entropyCoefficient: 0.05, valueClip: 0.3 });
  return () => {
    const flat = tf.tensor1d(weights.slice(weightLayout.trainable));
    const { loss, gradient } = lossAndGradient(
      createActorCritic(spec),
      settings,
      flat,
      uploadMinibatch(sizes, samples),
    );
    return tf.concat([tf.reshape(loss, [1]), gradient]);
  };
}

describe.each(BACKENDS)('on %s', (backend) => {
  useBackend(backend);

  describe('createActorCritic', () => {
    it.each(NETWORKS)(
      'matches the log-probabilities and values that Policy recorded: %s, %s critic, %s',
      async (actions, critic, activation) => {
        const spec = createSpec(actions, { critic, activation });
        const weights = noisyWeights(spec);
        const samples = samplesOf(spec, weights, collect(spec, { weights }));
        const { sizes, weightLayout } = new Policy(spec);
        const model = createActorCritic(spec);
        const both = await valuesOf(() => {
          const tensors = sliceWeights(tf.tensor1d(weights.slice(weightLayout.trainable)), model.slices);
          const batch = uploadMinibatch(sizes, samples);
          const output = model.forward(tensors, batch.observation);
          return tf.concat([evaluateActions(output, batch, sizes.branches).logProb, output.value]);
        });
        const recorded = [...samples.logProb, ...samples.value];
        expect(Math.max(...both.map((x, i) => Math.abs(x - recorded[i])))).toBeLessThan(1e-5);
      },
    );

    it('has no gradient for the weight of a choice that is always masked', async () => {
      const spec = createSpec('discrete', { hidden: [] });
      const weights = noisyWeights(spec);
      const rollout = collect(spec, { weights });
      rollout.mask.fill(1);
      for (let row = 0; row < 48; row++) rollout.mask[row * 5 + (rollout.discreteAction[row * 2] === 2 ? 0 : 2)] = 0;
      const samples = samplesOf(spec, weights, rollout);
      for (let row = 0; row < samples.count; row++) samples.mask[row * 5 + 4] = samples.choice[row * 5 + 4] = 0;
      const [, ...gradient] = await valuesOf(lossAndGradientOf(spec, weights, samples));
      for (let input = 0; input < 3; input++) expect(Math.abs(gradient[input * 5 + 4])).toBe(0);
    });
  });
});

describe('on cpu', () => {
  useBackend('cpu');

  describe('lossAndGradient', () => {
    it.each(NETWORKS)('agrees with central differences: %s, %s critic, %s', async (actions, critic, activation) => {
      const spec = createSpec(actions, { critic, activation });
      const samples = samplesOf(spec, noisyWeights(spec), collect(spec, { weights: noisyWeights(spec) }));
      const weights = noisyWeights(spec);
      const { trainable } = new Policy(spec).weightLayout;
      for (let i = trainable; i < weights.length; i++) weights[i] += 0.02 * Math.sin(i); // away from ratio 1
      const [, ...gradient] = await valuesOf(lossAndGradientOf(spec, weights, samples));
      const step = 3e-4; // short, so that few samples cross the kinks of clip and ReLU
      const differences: number[] = [];
      for (let i = trainable; i < weights.length; i++) {
        const lossAt = async (offset: number) => {
          const moved = weights.slice();
          moved[i] += offset;
          return (await valuesOf(lossAndGradientOf(spec, moved, samples)))[0];
        };
        differences.push(((await lossAt(step)) - (await lossAt(-step))) / (2 * step));
      }
      expect(relativeDistance(gradient, differences)).toBeLessThan(1e-2);
    });
  });
});

describe.each(['wasm', 'webgpu'] as const)('on %s', (backend) => {
  useBackend('cpu');
  useBackend(backend);

  describe('lossAndGradient', () => {
    it.each(NETWORKS)('agrees with the cpu backend: %s, %s critic, %s', async (actions, critic, activation) => {
      const spec = createSpec(actions, { critic, activation, hidden: [24, 24] });
      const weights = noisyWeights(spec);
      const samples = samplesOf(spec, weights, collect(spec, { weights }));
      const compute = lossAndGradientOf(spec, weights, samples);
      const [loss, ...gradient] = await valuesOf(compute);
      await tf.setBackend('cpu');
      const [expectedLoss, ...expected] = await valuesOf(compute);
      await tf.setBackend(backend);
      expect(Math.abs(loss / expectedLoss - 1)).toBeLessThan(1e-3);
      expect(relativeDistance(gradient, expected)).toBeLessThan(1e-3);
    });
  });
});
