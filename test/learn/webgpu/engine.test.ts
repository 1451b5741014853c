import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { GpuCounter } from '../../../bench/gpu-counter.ts';
import {
  createContext,
  type LearnerContext,
  type TrainingJob,
  type TrainingOutcome,
} from '../../../plugin/learn/engine.ts';
import { createLearnerState } from '../../../plugin/learn/initialize.ts';
import { createLearner } from '../../../plugin/learn/ppo-learner.ts';
import { OBJECTIVES } from '../../../plugin/learn/settings.ts';
import { createTfjsEngine } from '../../../plugin/learn/tfjs/engine.ts';
import { createWebgpuEngine } from '../../../plugin/learn/webgpu/engine.ts';
import { requireSlice } from '../../../plugin/policy/network.ts';
import { relativeDistance, useBackend } from '../backends.ts';
import { collect, createSettings, createSpec, noisyWeights, requestOf } from '../fixtures.ts';
import { createJob } from './jobs.ts';

/** A norm that no gradient reaches: Adam's first moment after one step from zero is then 0.1 · gradient. */
const UNCLIPPED = 1e9;

async function train(context: LearnerContext, job: TrainingJob): Promise<TrainingOutcome> {
  const engine = createWebgpuEngine(context);
  const outcome = await engine.train(job);
  engine.dispose();
  return outcome;
}

/** The result of TensorFlow.js in plain JavaScript. */
async function expected(context: LearnerContext, job: TrainingJob): Promise<TrainingOutcome> {
  await tf.setBackend('cpu');
  const outcome = await createTfjsEngine(context).train(job);
  await tf.setBackend('webgpu');
  return outcome;
}

describe('createWebgpuEngine', () => {
  useBackend('cpu');
  useBackend('webgpu');

  it.each([
    ['continuous', 'shared', 'tanh', [5, 4]],
    ['discrete', 'shared', 'relu', [5, 4]],
    ['both', 'shared', 'swish', [40, 33]], // more than a tile, and not a multiple of it
    ['continuous', 'separate', 'tanh', []],
    ['discrete', 'separate', 'tanh', [33, 40, 7]],
    ['both', 'separate', 'relu', [40]],
    ['both', 'separate', 'elu', [33, 7]],
  ] as const)(
    'has the gradient of TensorFlow.js: %s, %s critic, %s, %j',
    async (actions, critic, activation, hidden) => {
      const spec = createSpec(actions, { critic, activation, hidden });
      const options = { minibatch: 1000, maxGradientNorm: UNCLIPPED, entropyCoefficient: 0.1, valueClip: 0.2 };
      const { context, job } = createJob(spec, options);
      const [ours, theirs] = [await train(context, job), await expected(context, job)];
      expect(relativeDistance(ours.firstMoment, theirs.firstMoment)).toBeLessThan(1e-4);
      ours.totals.forEach((total, i) => {
        expect(total).toBeCloseTo(theirs.totals[i], 4);
      });
    },
  );

  it.each(OBJECTIVES)('has the gradient of TensorFlow.js: objective %s', async (objective) => {
    const options = { objective, minibatch: 1000, maxGradientNorm: UNCLIPPED, klCoefficient: 3 };
    const { context, job } = createJob(createSpec('both'), options);
    const [ours, theirs] = [await train(context, job), await expected(context, job)];
    expect(relativeDistance(ours.firstMoment, theirs.firstMoment)).toBeLessThan(1e-4);
    expect(relativeDistance(ours.first, theirs.first)).toBeLessThan(1e-4);
    expect(relativeDistance(ours.totals, theirs.totals)).toBeLessThan(1e-4);
  });

  it.each([
    ['continuous', 'shared'],
    ['discrete', 'shared'],
    ['both', 'shared'],
    ['continuous', 'separate'],
    ['discrete', 'separate'],
    ['both', 'separate'],
  ] as const)('has the weights of TensorFlow.js after an update: %s, %s critic', async (actions, critic) => {
    const { context, job } = createJob(createSpec(actions, { critic }), { epochs: 3, learningRate: 3e-3 });
    const [ours, theirs] = [await train(context, job), await expected(context, job)];
    expect(relativeDistance(ours.trained, theirs.trained)).toBeLessThan(1e-3);
    expect(relativeDistance(ours.secondMoment, theirs.secondMoment)).toBeLessThan(1e-3);
    expect(relativeDistance(ours.totals, theirs.totals)).toBeLessThan(1e-3);
    const moved = relativeDistance(theirs.trained, job.state.weights.subarray(context.layout.trainable));
    expect(moved).toBeGreaterThan(1e-2); // else the agreement would say nothing
  });

  it('sums minibatches of several chunks and partial tiles', async () => {
    const { context, job } = createJob(createSpec('both'), { minibatch: 1000, maxGradientNorm: UNCLIPPED }, 7);
    expect(job.minibatch).toBe(7 * 44); // a chunk of 256 rows and one of 52
    const [ours, theirs] = [await train(context, job), await expected(context, job)];
    expect(relativeDistance(ours.firstMoment, theirs.firstMoment)).toBeLessThan(1e-4);
  });

  it('gives the same bytes for the same job', async () => {
    const { context, job } = createJob(createSpec('both', { hidden: [40, 33] }), { epochs: 2 });
    expect(await train(context, job)).toEqual(await train(context, job));
  });

  it('is not affected by the sizes of earlier rollouts', async () => {
    const spec = createSpec('both');
    const { context, job } = createJob(spec);
    const larger = createJob(spec, { epochs: 2, minibatch: 60 }, 2).job;
    const alone = await train(context, job);
    const engine = createWebgpuEngine(context);
    for (const next of [job, larger, job]) {
      const outcome = await engine.train(next);
      if (next === job) expect(outcome).toEqual(alone);
    }
    engine.dispose();
  });

  it('issues 9 dispatches per gradient step with two separate networks, and reads back once per update', async () => {
    const spec = createSpec('continuous', { critic: 'separate', hidden: [128, 128] });
    const { context, job } = createJob(spec, { epochs: 2, minibatch: 15 });
    const engine = createWebgpuEngine(context);
    await engine.train(job);
    const counter = new GpuCounter();
    await engine.train(job);
    const { calls } = counter.take();
    counter.dispose();
    engine.dispose();
    const steps = 2 * 3; // 44 samples in minibatches of 15, twice
    expect(calls.dispatches).toBe(9 * steps);
    expect(calls.writes).toBe(6 + 3 + 2); // columns of samples; weights and moments; the order and the table of steps
    expect(calls.readbacks).toBe(1);
    expect(calls).toMatchObject({ stagings: 0, buffers: 0, bindGroups: 0 });
  });

  it('keeps no tensors, and no buffers after it is disposed', async () => {
    const before = tf.memory();
    const buffers = new Set<GPUBuffer>();
    const { createBuffer } = GPUDevice.prototype;
    GPUDevice.prototype.createBuffer = function (descriptor) {
      const buffer = createBuffer.call(this, descriptor);
      const destroy = buffer.destroy.bind(buffer);
      buffers.add(buffer);
      buffer.destroy = () => {
        buffers.delete(buffer);
        return destroy();
      };
      return buffer;
    };
    const { context, job } = createJob(createSpec('both'));
    const engine = createWebgpuEngine(context);
    await engine.train(job);
    const held = buffers.size;
    for (let update = 0; update < 3; update++) await engine.train(job);
    GPUDevice.prototype.createBuffer = createBuffer;
    expect(buffers.size).toBe(held);
    engine.dispose();
    expect(buffers.size).toBe(0);
    expect(tf.memory().numTensors).toBe(before.numTensors);
  });

  it.each([1e20, 1e39, 1e-30, 1e-46])('accepts extreme settings: %s', async (extreme) => {
    const settings = { maxGradientNorm: extreme, valueClip: extreme, clip: extreme, targetKl: extreme };
    const options = { ...settings, entropyCoefficient: extreme < 1 ? extreme : 0, valueCoefficient: 0.5 };
    const { context, job } = createJob(createSpec('both'), { ...options, minibatch: 1000 });
    const { trained } = await train(context, { ...job, learningRate: 1e-3 });
    expect(trained.every(Number.isFinite)).toBe(true);
  });

  it.each([
    ['rises if the policy moves too little', 10, 1.5 ** 3],
    ['falls if it moves too far', 1e-12, 1.5 ** -3],
  ])('has an adaptive learning rate that %s, once per gradient step except the first', async (_, targetKl, factor) => {
    const options = { epochs: 2, learningRateSchedule: 'adaptive', targetKl } as const;
    const { context, job } = createJob(createSpec('continuous'), options);
    const outcome = await train(context, { ...job, learningRate: 1e-3 });
    expect(outcome.learningRate / (1e-3 * factor)).toBeCloseTo(1, 4);
    expect(
      relativeDistance(outcome.trained, (await expected(context, { ...job, learningRate: 1e-3 })).trained),
    ).toBeLessThan(1e-3);
  });

  it('keeps log σ in [−5, 2] and affects nothing else', async () => {
    for (const entropyCoefficient of [-100, 100]) {
      const { context, job } = createJob(createSpec('continuous'), { entropyCoefficient });
      const { trained } = await train(context, { ...job, learningRate: 30 });
      const { offset, size } = requireSlice(context.layout, 'continuous.logDeviation');
      const at = offset - context.layout.trainable;
      expect([...trained.slice(at, at + size)]).toEqual([0, 0].fill(entropyCoefficient > 0 ? 2 : -5));
      expect(Math.max(...trained.map(Math.abs))).toBeGreaterThan(20);
    }
  });

  it('continues from the given moments and step', async () => {
    const { context, job } = createJob(createSpec('continuous'), { epochs: 2, minibatch: 44 });
    const both = await train(context, job);
    const first = await train(context, { ...job, orders: job.orders.slice(0, 1) });
    const weights = job.state.weights.slice();
    weights.set(first.trained, context.layout.trainable);
    const { firstMoment, secondMoment } = first;
    const state = { ...job.state, weights, firstMoment, secondMoment, steps: 1 };
    const second = await train(context, { ...job, state, orders: job.orders.slice(1) });
    expect(second.trained).toEqual(both.trained);
  });

  it('finishes an update during which it is disposed', async () => {
    const { context, job } = createJob(createSpec('continuous'));
    const engine = createWebgpuEngine(context);
    const first = await engine.train(job);
    const counter = new GpuCounter();
    const update = engine.train(job);
    while (counter.take().calls.submits === 0) await null;
    engine.dispose();
    counter.dispose();
    expect(await update).toEqual(first);
  });

  it('reports GPU errors, and continues', async () => {
    const { context, job } = createJob(createSpec('continuous'));
    const engine = createWebgpuEngine(context);
    const { createBuffer } = GPUDevice.prototype;
    GPUDevice.prototype.createBuffer = function (descriptor) {
      return createBuffer.call(this, { ...descriptor, usage: GPUBufferUsage.VERTEX });
    };
    const update = engine.train(job);
    await expect(update).rejects.toThrow('[agents] The GPU failed: ');
    GPUDevice.prototype.createBuffer = createBuffer;
    expect(await engine.train(job)).toEqual(await train(context, job));
    engine.dispose();
  });

  it('drives a learner, which drops a non-finite update and continues', async () => {
    const spec = createSpec('both');
    const settings = createSettings();
    const state = { ...createLearnerState(spec, settings, 1), weights: noisyWeights(spec) };
    const learner = createLearner(spec, settings, state, createWebgpuEngine);
    const rollout = collect(spec, state);
    const broken = { ...rollout, advantage: rollout.advantage.map(() => Number.NaN) };
    await expect(learner.update(requestOf(broken))).rejects.toThrow('produced non-finite weights');
    const { statistics } = await learner.update(requestOf(rollout));
    expect(statistics.gradientSteps).toBe(2);
    learner.dispose();
  });

  it('reports which buffer is too large for the GPU, and continues', async () => {
    const { context, job } = createJob(createSpec('continuous'));
    const engine = createWebgpuEngine(context);
    const count = 2 ** 32;
    const huge = { ...job, minibatch: count, samples: { ...job.samples, count } };
    await expect(engine.train(huge)).rejects.toThrow(
      /^\[agents\] The GPU allows at most \d+ bytes per buffer, but the learner's samples need/,
    );
    expect((await engine.train(job)).trained).toEqual((await train(context, job)).trained);
    engine.dispose();
  });

  it('asks for the backend that it needs', async () => {
    await tf.setBackend('cpu');
    const context = createContext(createSpec('continuous'), createSettings());
    expect(() => createWebgpuEngine(context)).toThrow('needs the backend "webgpu", but "cpu" is open');
    await tf.setBackend('webgpu');
  });
});
