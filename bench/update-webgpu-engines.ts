import { openBackend } from '../plugin/learn/backend.ts';
import { createTfjsEngine } from '../plugin/learn/tfjs/engine.ts';
import { createWebgpuEngine } from '../plugin/learn/webgpu/engine.ts';
import type { Figures } from './benchmark.ts';
import { GpuCounter } from './gpu-counter.ts';
import { interleave } from './interleave.ts';
import { trainStock } from './stock-engine.ts';
import { createJob, type UpdateCase } from './update-job.ts';

/** What a software adapter can do in seconds, and what a GPU is used for. */
const SIZES = {
  software: { minibatch: 32, samples: 64, warmUp: 0, least: 3 },
  gpu: { minibatch: 1024, samples: 8192, warmUp: 3, least: 5 },
} as const;
const EPOCHS = 2;
const NETWORK = { observation: 64, hidden: [128, 128], continuous: 12 } as const;

/**
 * Gradient steps of two separate 64-128-128 tanh networks with 12 continuous actions: the GPU learner, then `stock`, which
 * is TensorFlow.js as it comes, and `autodiff`, our engine on it. `sharedCritic` is the GPU learner with one network.
 */
export async function compareOnGpu(seconds: number): Promise<Figures> {
  const { reason: adapter } = await openBackend('webgpu');
  const software = /swiftshader|llvmpipe|software/i.test(adapter);
  const { minibatch, samples, ...rounds } = SIZES[software ? 'software' : 'gpu'];
  const work = { ...NETWORK, samples, minibatch, epochs: EPOCHS };
  const { context, job } = createJob({ ...work, critic: 'separate' });
  const [gpu, autodiff] = [createWebgpuEngine(context), createTfjsEngine(context)];
  const ways = {
    ours: async () => void (await gpu.train(job)),
    stock: async () => void (await trainStock(context, job)),
    autodiff: async () => void (await autodiff.train(job)),
  };
  const steps = (EPOCHS * samples) / minibatch;
  const issued = {
    ...(await countCalls('', steps, ways.ours)),
    ...(await countCalls('stock', steps, ways.stock)),
    ...(await countCalls('autodiff', steps, ways.autodiff)),
    ...(await countCalls('sharedCritic', steps, trainWith({ ...work, critic: 'shared' }))),
  };
  const times = await interleave(ways, { seconds: software ? 0 : seconds, ...rounds });
  gpu.dispose();
  const perSecond = (ms: number) => (1000 * EPOCHS * samples) / ms;
  return {
    ...issued,
    ratioStock: times.stock / times.ours,
    ratioAutodiff: times.autodiff / times.ours,
    samplesPerSecond: perSecond(times.ours),
    stockSamplesPerSecond: perSecond(times.stock),
    autodiffSamplesPerSecond: perSecond(times.autodiff),
    minibatch,
    adapter: software ? `${adapter} (a software adapter: counts hold, speeds say nothing of a GPU)` : adapter,
  };
}

/** What an update issues, the first one aside. Issuing takes µs from its first to its last call, per gradient step. */
async function countCalls(prefix: string, steps: number, update: () => Promise<void>): Promise<Figures> {
  await update();
  const counter = new GpuCounter();
  await update();
  const { calls, ms } = counter.take();
  counter.dispose();
  const figures = {
    dispatchesPerStep: calls.dispatches / steps,
    writesPerStep: calls.writes / steps,
    readbacksPerUpdate: calls.readbacks,
    stagingsPerStep: calls.stagings / steps,
    submitsPerStep: calls.submits / steps,
    bindGroupsPerStep: calls.bindGroups / steps,
    issueMicroseconds: (1000 * ms) / steps,
  };
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [
      prefix === '' ? name : `${prefix}${name[0].toUpperCase()}${name.slice(1)}`,
      value,
    ]),
  );
}

function trainWith(size: UpdateCase): () => Promise<void> {
  const { context, job } = createJob(size);
  const engine = createWebgpuEngine(context);
  return async () => void (await engine.train(job));
}
