import { Random } from '../plugin/core/random.ts';
import { createRollout } from '../plugin/core/rollout.ts';
import { openBackend } from '../plugin/learn/backend.ts';
import { createContext, type LearnerContext, type TrainingJob } from '../plugin/learn/engine.ts';
import { createLearnerState } from '../plugin/learn/initialise.ts';
import { createSamples, gatherSamples } from '../plugin/learn/samples.ts';
import { LEARNER_DEFAULTS } from '../plugin/learn/settings.ts';
import { createTfjsEngine } from '../plugin/learn/tfjs/engine.ts';
import { createWebgpuEngine } from '../plugin/learn/webgpu/engine.ts';
import type { Critic } from '../plugin/policy/network.ts';
import { Policy, type PolicySpec } from '../plugin/policy/policy.ts';
import type { Figures } from './benchmark.ts';
import { GpuCounter } from './gpu-counter.ts';
import { interleave } from './interleave.ts';
import { trainStockNetworks } from './stock-networks.ts';

/** What a software adapter can do in seconds, and what a GPU is used for. */
const SIZES = {
  software: { minibatch: 32, samples: 64, warmUp: 0, least: 3 },
  gpu: { minibatch: 1024, samples: 8192, warmUp: 3, least: 5 },
} as const;
const EPOCHS = 2;

/**
 * Gradient steps of two separate 64-128-128 tanh networks with 12 continuous actions: the GPU learner, then `stock`, which
 * is TensorFlow.js as it comes, and `autodiff`, our engine on it. `sharedCritic` is the GPU learner with one network.
 */
export async function compareOnGpu(seconds: number): Promise<Figures> {
  const { reason: adapter } = await openBackend('webgpu');
  const software = /swiftshader|llvmpipe|software/i.test(adapter);
  const { minibatch, samples, ...rounds } = SIZES[software ? 'software' : 'gpu'];
  const { context, job } = createJob('separate', minibatch, samples);
  const [gpu, autodiff] = [createWebgpuEngine(context), createTfjsEngine(context)];
  const ways = {
    ours: async () => void (await gpu.train(job)),
    stock: () => trainStockNetworks(context, job),
    autodiff: async () => void (await autodiff.train(job)),
  };
  const steps = (EPOCHS * samples) / minibatch;
  const issued = {
    ...(await countCalls('', steps, ways.ours)),
    ...(await countCalls('stock', steps, ways.stock)),
    ...(await countCalls('autodiff', steps, ways.autodiff)),
    ...(await countCalls('sharedCritic', steps, sharedCritic(minibatch, samples))),
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

function sharedCritic(minibatch: number, samples: number): () => Promise<void> {
  const { context, job } = createJob('shared', minibatch, samples);
  const engine = createWebgpuEngine(context);
  return async () => void (await engine.train(job));
}

/** What a policy decides on random observations, with random advantages. */
function createJob(critic: Critic, minibatch: number, count: number): { context: LearnerContext; job: TrainingJob } {
  const spec = createSpec(critic);
  const settings = { ...LEARNER_DEFAULTS, minibatch, epochs: EPOCHS, valueClip: 0.2 };
  const context = createContext(spec, settings);
  const state = createLearnerState(spec, settings, 1);
  const random = new Random(1);
  const rollout = createRollout({ horizon: 1, agents: count, layout: spec.layout }, false);
  for (const column of [rollout.observation, rollout.advantage])
    for (let i = 0; i < column.length; i++) column[i] = random.normal();
  rollout.active.fill(1);
  const policy = new Policy(spec, state.parameters);
  policy.decide(rollout.observation, rollout.mask, new Float32Array(count * policy.sizes.action), rollout, random);
  const samples = createSamples(context.sizes, count);
  gatherSamples(spec, state.parameters, [rollout], samples);
  const orders = Array.from({ length: EPOCHS }, () => {
    const order = Int32Array.from({ length: count }, (_, i) => i);
    random.shuffle(order);
    return order;
  });
  return { context, job: { state, samples, minibatch, orders, learningRate: 3e-4 } };
}

function createSpec(critic: Critic): PolicySpec {
  return {
    name: 'bench',
    layout: {
      sensors: [{ name: 'sight', size: 64 }],
      actuators: [{ name: 'move', continuous: 12, branches: [] }],
    },
    network: { hidden: [128, 128], activation: 'tanh', critic },
    normaliserClip: 5,
    bounds: 'clip',
    timeStep: 1 / 60,
    decisionPeriod: 1,
  };
}
