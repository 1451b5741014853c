import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Samples } from '../../../plugin/learn/samples.ts';
import { createActorCritic, sliceParameters } from '../../../plugin/learn/tfjs/actor-critic.ts';
import { uploadMinibatch } from '../../../plugin/learn/tfjs/engine.ts';
import { lossAndGradient } from '../../../plugin/learn/tfjs/gradient-step.ts';
import { evaluateActions } from '../../../plugin/learn/tfjs/objective.ts';
import type { NetworkSpec } from '../../../plugin/policy/network.ts';
import { Policy, type PolicySpec } from '../../../plugin/policy/policy.ts';
import { BACKENDS, relativeDistance, useBackend, valuesOf } from '../backends.ts';
import { type Actions, collect, createSettings, createSpec, noisyParameters, samplesOf } from '../fixtures.ts';

const NETWORKS: readonly [Actions, NetworkSpec['critic'], NetworkSpec['activation']][] = [
  ['continuous', 'shared', 'tanh'],
  ['discrete', 'shared', 'relu'],
  ['both', 'shared', 'swish'],
  ['continuous', 'separate', 'swish'],
  ['discrete', 'separate', 'tanh'],
  ['both', 'separate', 'relu'],
  ['both', 'shared', 'elu'],
];

/** Loss [1] and gradient [P − trainable] at `parameters`. */
function lossAndGradientOf(spec: PolicySpec, parameters: Float32Array, samples: Samples): () => tf.Tensor1D {
  const { sizes, parameterLayout } = new Policy(spec);
  const settings = createSettings({ entropyCoefficient: 0.05, valueClip: 0.3 });
  return () => {
    const flat = tf.tensor1d(parameters.slice(parameterLayout.trainable));
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
      'gives the log-probabilities and values that Policy recorded: %s, %s critic, %s',
      async (actions, critic, activation) => {
        const spec = createSpec(actions, { critic, activation });
        const parameters = noisyParameters(spec);
        const samples = samplesOf(spec, parameters, collect(spec, { parameters }));
        const { sizes, parameterLayout } = new Policy(spec);
        const model = createActorCritic(spec);
        const both = await valuesOf(() => {
          const tensors = sliceParameters(tf.tensor1d(parameters.slice(parameterLayout.trainable)), model.slices);
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
      const parameters = noisyParameters(spec);
      const rollout = collect(spec, { parameters });
      rollout.mask.fill(1);
      for (let row = 0; row < 48; row++) rollout.mask[row * 5 + (rollout.discreteAction[row * 2] === 2 ? 0 : 2)] = 0;
      const samples = samplesOf(spec, parameters, rollout);
      for (let row = 0; row < samples.count; row++) samples.mask[row * 5 + 4] = samples.choice[row * 5 + 4] = 0;
      const [, ...gradient] = await valuesOf(lossAndGradientOf(spec, parameters, samples));
      for (let input = 0; input < 3; input++) expect(Math.abs(gradient[input * 5 + 4])).toBe(0);
    });
  });
});

describe('on cpu', () => {
  useBackend('cpu');

  describe('lossAndGradient', () => {
    it.each(NETWORKS)('agrees with central differences: %s, %s critic, %s', async (actions, critic, activation) => {
      const spec = createSpec(actions, { critic, activation });
      const samples = samplesOf(spec, noisyParameters(spec), collect(spec, { parameters: noisyParameters(spec) }));
      const parameters = noisyParameters(spec);
      const { trainable } = new Policy(spec).parameterLayout;
      for (let i = trainable; i < parameters.length; i++) parameters[i] += 0.02 * Math.sin(i); // away from ratio 1
      const [, ...gradient] = await valuesOf(lossAndGradientOf(spec, parameters, samples));
      const step = 3e-4; // short, so that few samples cross the kinks of clip and ReLU
      const differences: number[] = [];
      for (let i = trainable; i < parameters.length; i++) {
        const lossAt = async (offset: number) => {
          const moved = parameters.slice();
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
      const parameters = noisyParameters(spec);
      const samples = samplesOf(spec, parameters, collect(spec, { parameters }));
      const compute = lossAndGradientOf(spec, parameters, samples);
      const [loss, ...gradient] = await valuesOf(compute);
      await tf.setBackend('cpu');
      const [expectedLoss, ...expected] = await valuesOf(compute);
      await tf.setBackend(backend);
      expect(Math.abs(loss / expectedLoss - 1)).toBeLessThan(1e-3);
      expect(relativeDistance(gradient, expected)).toBeLessThan(1e-3);
    });
  });
});
