import { Random } from '../plugin/core/random.ts';
import { createRollout } from '../plugin/core/rollout.ts';
import { createContext, type LearnerContext, type TrainingJob } from '../plugin/learn/engine.ts';
import { createLearnerState } from '../plugin/learn/initialise.ts';
import { createSamples, gatherSamples } from '../plugin/learn/samples.ts';
import { LEARNER_DEFAULTS } from '../plugin/learn/settings.ts';
import { createWasmEngine } from '../plugin/learn/wasm/engine.ts';
import { Policy, type PolicySpec } from '../plugin/policy/policy.ts';
import { interleave } from './interleave.ts';
import { openStock, trainStock } from './stock-engine.ts';

/** A network whose policy and critic share two hidden layers. */
export interface UpdateCase {
  readonly observation: number;
  readonly hidden: readonly number[];
  readonly continuous: number;
}

/** What a sample costs in an epoch; the stock engine is TensorFlow.js as it comes. */
export interface UpdateFigures {
  /** time of the stock engine / time of the CPU learner */
  readonly ratioStock: number;
  /** µs per sample and epoch */
  readonly microseconds: number;
  readonly stockMicroseconds: number;
  /** multiplications and additions of the products of matrices alone, 10⁹ per second */
  readonly gigaflops: number;
  /** ‖θ − θ′‖/‖θ′‖ of the CPU learner's parameters and the stock engine's: that both do the same work */
  readonly distance: number;
}

const [MINIBATCH, SAMPLES, EPOCHS] = [1024, 4096, 2];

/** Times both engines on the same job, interleaved. */
export async function compareEngines(size: UpdateCase, seconds: number, wasmFolder: string): Promise<UpdateFigures> {
  await openStock(wasmFolder);
  const { context, job } = createJob(size);
  const cpu = createWasmEngine(context);
  const variants = {
    cpu: async () => void (await cpu.train(job)),
    stock: async () => void (await trainStock(context, job)),
  };
  const { trained } = await cpu.train(job);
  const stock = await trainStock(context, job);
  const times = await interleave(variants, { seconds });
  const microseconds = (ms: number) => (1000 * ms) / (SAMPLES * EPOCHS);
  return {
    ratioStock: times.stock / times.cpu,
    microseconds: microseconds(times.cpu),
    stockMicroseconds: microseconds(times.stock),
    gigaflops: operations(size) / microseconds(times.cpu) / 1000,
    distance: distance(trained, stock),
  };
}

/** What a policy decides on random observations, with random advantages. */
function createJob(size: UpdateCase): { context: LearnerContext; job: TrainingJob } {
  const spec = createSpec(size);
  const context = createContext(spec, { ...LEARNER_DEFAULTS, learningRateSchedule: 'constant', epochs: EPOCHS });
  const state = createLearnerState(spec, context.settings, 1);
  const rollout = createRollout({ horizon: 64, agents: SAMPLES / 64, layout: spec.layout }, false);
  const random = new Random(1);
  for (let i = 0; i < rollout.observation.length; i++) rollout.observation[i] = random.normal();
  for (let i = 0; i < rollout.advantage.length; i++) rollout.advantage[i] = random.normal();
  const actions = new Float32Array(SAMPLES * size.continuous);
  new Policy(spec, state.parameters).decide(rollout.observation, rollout.mask, actions, rollout, random);
  rollout.active.fill(1);
  const samples = createSamples(context.sizes, SAMPLES);
  gatherSamples(spec, state.parameters, [rollout], samples);
  const orders = Array.from({ length: EPOCHS }, () => {
    const order = Int32Array.from({ length: SAMPLES }, (_, i) => i);
    random.shuffle(order);
    return order;
  });
  return { context, job: { state, samples, minibatch: MINIBATCH, orders, learningRate: 3e-4 } };
}

function createSpec({ observation, hidden, continuous }: UpdateCase): PolicySpec {
  return {
    name: 'bench',
    layout: {
      sensors: [{ name: 'sight', size: observation }],
      actuators: [{ name: 'move', continuous, branches: [] }],
    },
    network: { hidden, activation: 'tanh', critic: 'shared' },
    normaliserClip: 5,
    bounds: 'clip',
    timeStep: 1 / 60,
    decisionPeriod: 1,
  };
}

/** Per sample and epoch: forward, the gradient of the weights, and that of the inputs but for the first layer's. */
function operations({ observation, hidden, continuous }: UpdateCase): number {
  const widths = [observation, ...hidden, continuous + 1];
  const products = widths.slice(1).map((width, i) => 2 * width * widths[i]);
  return products.reduce((sum, count, i) => sum + (i === 0 ? 2 : 3) * count, 0);
}

function distance(a: Float32Array, b: Float32Array): number {
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < b.length; i++) {
    difference += (a[i] - b[i]) ** 2;
    norm += b[i] ** 2;
  }
  return Math.sqrt(difference / norm);
}
