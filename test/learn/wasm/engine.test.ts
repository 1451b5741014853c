import * as tf from '@tensorflow/tfjs-core';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../plugin/core/random.ts';
import {
  createContext,
  needsDistributions,
  REPORT,
  type TrainingJob,
  type TrainingOutcome,
} from '../../../plugin/learn/engine.ts';
import { createLearnerState } from '../../../plugin/learn/initialize.ts';
import { createMirrors } from '../../../plugin/learn/mirror.ts';
import { createLearner } from '../../../plugin/learn/ppo-learner.ts';
import { createSamples, gatherMinibatch, gatherSamples, standardise } from '../../../plugin/learn/samples.ts';
import { type LearnerSettings, OBJECTIVES } from '../../../plugin/learn/settings.ts';
import { createActorCritic } from '../../../plugin/learn/tfjs/actor-critic.ts';
import { createTfjsEngine, uploadMinibatch } from '../../../plugin/learn/tfjs/engine.ts';
import { lossAndGradient } from '../../../plugin/learn/tfjs/gradient-step.ts';
import { createWasmEngine } from '../../../plugin/learn/wasm/engine.ts';
import { ACTIVATIONS, type NetworkSpec } from '../../../plugin/policy/network.ts';
import type { PolicySpec } from '../../../plugin/policy/policy.ts';
import { relativeDistance, useBackend, valuesOf } from '../backends.ts';
import { type Actions, collect, createSettings, createSpec, noisyWeights, requestOf } from '../fixtures.ts';

const ACTIONS: readonly Actions[] = ['continuous', 'discrete', 'both'];
const CRITICS = ['shared', 'separate'] as const;
const EVERY = CRITICS.flatMap((critic) =>
  ACTIONS.flatMap((actions) => ACTIVATIONS.map((activation) => [critic, actions, activation] as const)),
);

/** A loss with every part active. */
const WHOLE: Partial<LearnerSettings> = { entropyCoefficient: 0.05, valueClip: 0.3, maxGradientNorm: 1e9 };

/**
 * 176 samples from 4 rollouts of a policy other than the one being trained, so that some ratios are clipped; the minibatch is
 * not a multiple of a chunk.
 */
function createJob(spec: PolicySpec, options: Partial<LearnerSettings> = {}, minibatch = 100) {
  const settings = createSettings({ ...WHOLE, ...options });
  const context = createContext(spec, settings);
  const weights = noisyWeights(spec);
  const random = new Random(8);
  const collector = weights.map((x, i) => (i < context.layout.trainable ? x : x + 0.1 * random.normal()));
  const rollouts = [1, 2, 3, 4].map((seed) => collect(spec, { weights: collector }, seed));
  const samples = createSamples(context.sizes, 4 * 44, needsDistributions(context));
  gatherSamples(spec, weights, rollouts, createMirrors(spec, []), samples);
  const order = Int32Array.from({ length: samples.count }, (_, i) => i);
  random.shuffle(order);
  const state = { ...createLearnerState(spec, settings, 1), weights };
  const job: TrainingJob = { state, samples, minibatch, orders: [order], learningRate: 1e-3 };
  return { context, job };
}

/** Only the first minibatch: the order ends there. */
function firstStep(job: TrainingJob): TrainingJob {
  const [order] = job.orders;
  const samples = { ...job.samples, count: job.minibatch };
  return { ...job, samples, orders: [order.subarray(0, job.minibatch)] };
}

/** The gradient of a step from moments of 0: m = 0.1·g if nothing is clipped. */
function gradientOf({ firstMoment }: TrainingOutcome): Float32Array {
  return firstMoment.map((m) => m / 0.1);
}

/** Gradient [P − trainable] and report [REPORT − 1] of the first minibatch, by automatic differentiation. */
async function reference({ context, job }: ReturnType<typeof createJob>) {
  const columns = createSamples(context.sizes, job.minibatch, needsDistributions(context));
  gatherMinibatch(context.sizes, job.samples, job.orders[0], 0, columns);
  standardise(columns.advantage);
  const both = await valuesOf(() => {
    const flat = tf.tensor1d(job.state.weights.slice(context.layout.trainable));
    const batch = uploadMinibatch(context.sizes, columns);
    const { gradient, report } = lossAndGradient(createActorCritic(context.spec), context.settings, flat, batch);
    return tf.concat([report, gradient]);
  });
  return { report: both.slice(0, REPORT.length - 1), gradient: both.slice(REPORT.length - 1) };
}

describe('createWasmEngine', () => {
  useBackend('cpu');

  describe('computes the same gradient as automatic differentiation', () => {
    const agree = async (spec: PolicySpec, options: Partial<LearnerSettings> = {}) => {
      const setup = createJob(spec, options);
      const expected = await reference(setup);
      const outcome = await createWasmEngine(setup.context).train(firstStep(setup.job));
      expect(relativeDistance(gradientOf(outcome), expected.gradient)).toBeLessThan(1e-5);
      expected.report.forEach((x, i) => {
        expect(outcome.totals[i], REPORT[i]).toBeCloseTo(x, 5);
      });
      expect(expected.report[REPORT.indexOf('clipFraction')]).toBeGreaterThan(0);
      const norm = Math.sqrt(expected.gradient.reduce((sum, x) => sum + x * x, 0));
      expect(outcome.totals[REPORT.indexOf('gradientNorm')] / norm).toBeCloseTo(1, 5);
    };

    it.each(EVERY)('%s critic, %s, %s', (critic, actions, activation) =>
      agree(createSpec(actions, { critic, activation })),
    );

    it.each(OBJECTIVES.flatMap((objective) => ACTIONS.map((actions) => [objective, actions] as const)))(
      'objective %s, %s',
      (objective, actions) => agree(createSpec(actions), { objective, klCoefficient: 3 }),
    );

    it.each<[string, Partial<NetworkSpec>]>([
      ['no hidden layer', { hidden: [] }],
      ['no hidden layer, separate critic', { hidden: [], critic: 'separate' }],
      ['one hidden layer', { hidden: [7] }],
      ['widths that are multiples of nothing', { hidden: [9, 1, 13] }],
      ['widths that are multiples of eight', { hidden: [16, 24, 8] }],
    ])('%s', (_, network) => agree(createSpec('both', network)));
  });

  it('computes the gradient of the loss that it reports: finite differences', async () => {
    const spec = createSpec('both', { hidden: [4] });
    const coefficients = { entropyCoefficient: 0.3, valueCoefficient: 0.7 };
    const { context, job } = createJob(spec, { ...coefficients, clip: 1e6, valueClip: 0 });
    const engine = createWasmEngine(context);
    const first = firstStep(job);
    const lossAt = async (weights: Float32Array) => {
      const { totals } = await engine.train({ ...first, state: { ...job.state, weights } });
      const [policy, value, entropy] = totals;
      return policy + coefficients.valueCoefficient * value - coefficients.entropyCoefficient * entropy;
    };
    const gradient = gradientOf(await engine.train(first));
    const differences: number[] = [];
    for (let i = 0; i < gradient.length; i++) {
      const moved = [-0.01, 0.01].map((step) => {
        const weights = job.state.weights.slice();
        weights[context.layout.trainable + i] += step;
        return lossAt(weights);
      });
      differences.push(((await moved[1]) - (await moved[0])) / 0.02);
    }
    expect(relativeDistance(differences, gradient)).toBeLessThan(1e-3);
  });

  it.each(EVERY)('makes the same update as TensorFlow.js: %s critic, %s, %s', async (critic, actions, activation) => {
    const spec = createSpec(actions, { critic, activation });
    const settings = createSettings({ epochs: 3, valueClip: 0.2, learningRate: 1e-3 });
    const state = { ...createLearnerState(spec, settings, 1), weights: noisyWeights(spec) };
    const request = requestOf(collect(spec, state));
    const [ours, theirs] = [createWasmEngine, createTfjsEngine].map((createEngine) => {
      const learner = createLearner(spec, settings, state, createEngine);
      return learner.update(request).then(({ statistics }) => ({ statistics, state: learner.state() }));
    });
    const [a, b] = [await ours, await theirs];
    const change = ({ state: { weights } }: typeof a) => weights.map((x, i) => x - state.weights[i]);
    expect(relativeDistance(a.state.weights, b.state.weights)).toBeLessThan(1e-5);
    expect(relativeDistance(change(a), change(b))).toBeLessThan(1e-3);
    expect(relativeDistance(a.state.firstMoment, b.state.firstMoment)).toBeLessThan(1e-3);
    expect(relativeDistance(a.state.secondMoment, b.state.secondMoment)).toBeLessThan(1e-3);
    expect(a.state.steps).toBe(b.state.steps);
    for (const [name, value] of Object.entries(b.statistics))
      if (value !== null) expect(a.statistics[name as keyof typeof b.statistics], name).toBeCloseTo(value, 4);
  });

  it.each(['adaptive', 'linear'] as const)('has the same learning rate as TensorFlow.js: %s', async (schedule) => {
    const spec = createSpec('both');
    const settings = createSettings({ learningRateSchedule: schedule, learningRate: 1e-3, epochs: 5, minibatch: 10 });
    const state = { ...createLearnerState(spec, settings, 1), weights: noisyWeights(spec) };
    const request = requestOf(collect(spec, state), { remaining: 0.3 });
    const [ours, theirs] = [createWasmEngine, createTfjsEngine].map((createEngine) =>
      createLearner(spec, settings, state, createEngine).update(request),
    );
    expect((await ours).statistics.learningRate / (await theirs).statistics.learningRate).toBeCloseTo(1, 5);
    expect(relativeDistance((await ours).weights, (await theirs).weights)).toBeLessThan(1e-5);
  });

  it('makes the same bits from the same job, whatever came in between', async () => {
    const { context, job } = createJob(createSpec('both', { critic: 'separate' }), {
      learningRateSchedule: 'adaptive',
    });
    const engine = createWasmEngine(context);
    const first = await engine.train(job);
    await engine.train({ ...job, minibatch: 70, learningRate: 0.1 });
    expect(await engine.train(job)).toEqual(first);
    expect(await createWasmEngine(context).train(job)).toEqual(first);
  });

  it('forgets a non-finite update', async () => {
    const { context, job } = createJob(createSpec('both'));
    const engine = createWasmEngine(context);
    const advantage = job.samples.advantage.map(() => Number.NaN);
    const broken = await engine.train({ ...job, samples: { ...job.samples, advantage } });
    expect(broken.trained.some(Number.isNaN)).toBe(true);
    expect(await engine.train(job)).toEqual(await createWasmEngine(context).train(job));
  });

  it('does not load TensorFlow.js, nor does the learner around it', async () => {
    const { metafile } = await build({
      stdin: {
        contents: "export * from './plugin/learn/ppo-learner.ts'; export * from './plugin/learn/wasm/engine.ts';",
        resolveDir: process.cwd(),
      },
      bundle: true,
      write: false,
      metafile: true,
    });
    expect(Object.keys(metafile.inputs)).toContain('plugin/learn/wasm/kernel-bytes.ts');
    expect(Object.keys(metafile.inputs).filter((file) => file.includes('node_modules'))).toEqual([]);
  });

  it('does not modify the job', async () => {
    const { context, job } = createJob(createSpec('both'));
    const before = structuredClone(job);
    await createWasmEngine(context).train(job);
    expect(job).toEqual(before);
  });
});
