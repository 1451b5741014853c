import { describe, expect, it } from 'vitest';
import {
  ADAM,
  type CreateEngine,
  createContext,
  type LearnerContext,
  needsDistributions,
  REPORT,
  type TrainingJob,
} from '../../plugin/learn/engine.ts';
import { createLearnerState } from '../../plugin/learn/initialize.ts';
import { createSamples, gatherMinibatch } from '../../plugin/learn/samples.ts';
import { createTfjsEngine } from '../../plugin/learn/tfjs/engine.ts';
import { createWasmEngine } from '../../plugin/learn/wasm/engine.ts';
import type { PolicySpec } from '../../plugin/policy/policy.ts';
import { relativeDistance, useBackend } from './backends.ts';
import { createSettings } from './fixtures.ts';
import { decodeFloats, readTorchRecording, type TorchCase, type TorchUpdate } from './torch-recording.ts';

const recording = readTorchRecording();

const ENGINES: readonly (readonly [string, CreateEngine])[] = [
  ['WebAssembly', createWasmEngine],
  ['TensorFlow.js', createTfjsEngine],
];

/** Every engine with every recorded update. */
const EVERY = ENGINES.flatMap(([engine, createEngine]) =>
  recording.cases.flatMap((learned) =>
    learned.updates.flatMap(withAdaptive).map((update) => {
      const { objective, klCoefficient } = update;
      const heads = learned.continuous > 0 ? 'continuous' : 'discrete';
      const name = `${objective}${klCoefficient > 0 ? ` β ${klCoefficient}` : ''}, ${heads}, ${learned.critic} critic`;
      return { name, engine, createEngine, learned, update };
    }),
  ),
);

/** Within one update, an adaptive coefficient is constant. */
function withAdaptive(update: TorchUpdate): readonly TorchUpdate[] {
  return update.objective === 'kl-fixed' ? [update, { ...update, objective: 'kl-adaptive' }] : [update];
}

function specOf({ observation, continuous, branches, critic }: TorchCase): PolicySpec {
  return {
    name: 'torch',
    layout: {
      sensors: [{ name: 'sight', size: observation }],
      actuators: [{ name: 'move', continuous, branches }],
    },
    network: { hidden: recording.hidden, activation: 'tanh', critic },
    observationClip: 5,
    bounds: 'clip',
    timeStep: 1 / 60,
    decisionPeriod: 1,
  };
}

/** The recorded update, starting from the recorded weights. */
function createJob({ learned, update }: (typeof EVERY)[number], maxGradientNorm: number) {
  const { minibatch, settings: recorded } = recording;
  const { objective, klCoefficient } = update;
  const settings = createSettings({ ...recorded, objective, klCoefficient, maxGradientNorm });
  const context = createContext(specOf(learned), settings);
  const samples = createSamples(context.sizes, recording.samples, needsDistributions(context));
  for (const [name, column] of Object.entries(samples))
    if (column instanceof Float32Array && column.length > 0) column.set(decodeFloats(learned.samples[name]));
  const state = createLearnerState(context.spec, settings, 1);
  state.weights.set(decodeFloats(learned.weights), context.layout.trainable);
  const orders = learned.orders.map((order) => Int32Array.from(order));
  const job: TrainingJob = { state, samples, minibatch, orders, learningRate: settings.learningRate };
  return { context, job };
}

/** Only the first minibatch of a job. */
function firstStep(context: LearnerContext, job: TrainingJob): TrainingJob {
  const samples = createSamples(context.sizes, job.minibatch, needsDistributions(context));
  gatherMinibatch(context.sizes, job.samples, job.orders[0], 0, samples);
  return { ...job, samples, orders: [Int32Array.from({ length: job.minibatch }, (_, i) => i)] };
}

describe.each(EVERY)('$engine agrees with PyTorch: $name', (one) => {
  useBackend('cpu');
  const { learned, update } = one;

  it('on the gradient of the first minibatch', async () => {
    const { context, job } = createJob(one, 1e9);
    const { firstMoment, totals } = await one.createEngine(context).train(firstStep(context, job));
    const gradient = firstMoment.map((m) => m / (1 - ADAM.beta1));
    expect(relativeDistance(gradient, decodeFloats(update.gradient))).toBeLessThan(1e-5);
    expect(totals[REPORT.indexOf('clipFraction')]).toBeCloseTo(learned.clipFraction, 6);
  });

  it('on how six steps of clipped gradients change the weights', async () => {
    const { context, job } = createJob(one, recording.settings.maxGradientNorm);
    const { trained } = await one.createEngine(context).train(job);
    const start = decodeFloats(learned.weights);
    const expected = decodeFloats(update.weights);
    const change = (weights: Float32Array) => weights.map((x, i) => x - start[i]);
    expect(relativeDistance(change(trained), change(expected))).toBeLessThan(1e-4);
  });
});

describe('the recording', () => {
  it('has ratios on both sides of the clip', () => {
    for (const { clipFraction } of recording.cases) {
      expect(clipFraction).toBeGreaterThan(0.1);
      expect(clipFraction).toBeLessThan(0.9);
    }
  });
});
