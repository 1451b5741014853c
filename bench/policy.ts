import type { AgentLayout } from '../plugin/core/layout.ts';
import { Random } from '../plugin/core/random.ts';
import { KERNEL_BYTES } from '../plugin/policy/kernel-bytes.ts';
import { denseLayer, requireSlice } from '../plugin/policy/network.ts';
import { Policy, type PolicySpec } from '../plugin/policy/policy.ts';
import type { Benchmark } from './benchmark.ts';
import { interleave, type Variant } from './interleave.ts';
import { openInRuntime, type RuntimePolicy, type RuntimeUse } from './onnx-runtime.ts';

const BATCHES = [1, 16, 64, 256] as const;
type Batch = (typeof BATCHES)[number];
const WAYS = ['naive', 'plain', 'kernel'] as const;
type Way = (typeof WAYS)[number];

/** Rows that a timed run decides for, so that each takes some milliseconds whatever the batch. */
const ROWS: Readonly<Record<Way, number>> = { naive: 256, plain: 256, kernel: 2048 };

/** Batches, and how often a timed run decides for each, against onnxruntime. */
const RIVAL_RUNS: ReadonlyMap<Batch, number> = new Map([
  [1, 128],
  [16, 16],
]);
const USES: readonly RuntimeUse[] = ['documented', 'lean'];
/** Agents of one policy that decide at once. */
const CROWD = 1000;

const LAYOUT: AgentLayout = {
  sensors: [{ name: 'body', size: 48 }],
  actuators: [{ name: 'joints', continuous: 16, branches: [] }],
};

const SPEC: PolicySpec = {
  name: 'bench',
  layout: LAYOUT,
  network: { hidden: [128, 128], activation: 'tanh', critic: 'none' },
  observationClip: 10,
  bounds: 'clip',
  timeStep: 1 / 60,
  decisionPeriod: 4,
};

/**
 * Decisions of a 48-128-128-16 network, and of a crowd of 1000 agents with a 48-64-64-16 one: the kernel, plain
 * TypeScript, and the loops that one would write first. Kernel and plain are timed whole, with normalization and the
 * action's clipping; the naive loops are the dense layers alone. onnxruntime-web gets the same weights as an ONNX file, in
 * two uses, see RuntimeUse; one decision of its is waited for before the next.
 */
export const benchPolicy: Benchmark = async ({ seconds }) => {
  const weights = createWeights(SPEC);
  const variants: Record<string, Variant> = { crowd: createCrowd() };
  for (const batch of BATCHES) {
    const observation = createObservations(batch);
    const action = new Float32Array(batch * 16);
    const [plain, kernel] = [false, true].map((kernel) => new Policy(SPEC, weights.slice(), { kernel }));
    const naive = createNaive(kernel, batch);
    const runs: Record<Way, () => void> = {
      naive: () => naive(observation, action),
      plain: () => plain.act(observation, action),
      kernel: () => kernel.act(observation, action),
    };
    for (const way of WAYS) variants[nameOf(way, batch)] = () => repeat(runs[way], ROWS[way] / batch);
    const times = RIVAL_RUNS.get(batch);
    if (times === undefined) continue;
    for (const use of USES) {
      const rival = await openInRuntime(plain, observation, use);
      await requireSame(rival, plain, observation);
      variants[`${use}${batch}`] = async () => {
        for (let i = 0; i < times; i++) await rival.decide();
      };
    }
    variants[`ours${batch}`] = () => repeat(runs.kernel, times);
  }
  const times = await interleave(variants, { seconds });
  const perAgent = (way: Way, batch: Batch) => (1000 * times[nameOf(way, batch)]) / ROWS[way];
  const ratio = (way: Way, batch: Batch) => perAgent('naive', batch) / perAgent(way, batch);
  const rivalRatio = (use: RuntimeUse, batch: Batch) => times[`${use}${batch}`] / times[`ours${batch}`];
  const microseconds = (way: RuntimeUse | 'ours', batch: Batch) =>
    (1000 * times[`${way}${batch}`]) / (RIVAL_RUNS.get(batch) as number);
  return {
    crowdMs: times.crowd,
    ratioOrtBatch1: rivalRatio('documented', 1),
    ratioOrtBatch16: rivalRatio('documented', 16),
    ratioOrtLeanBatch1: rivalRatio('lean', 1),
    ratioOrtLeanBatch16: rivalRatio('lean', 16),
    ortBatch1Microseconds: microseconds('documented', 1),
    ortBatch16Microseconds: microseconds('documented', 16),
    oursBatch1Microseconds: microseconds('ours', 1),
    oursBatch16Microseconds: microseconds('ours', 16),
    ratioBatch1: ratio('kernel', 1),
    ratioBatch16: ratio('kernel', 16),
    ratioFallback: Math.min(ratio('plain', 1), ratio('plain', 16)),
    ratioSmallBatch: perAgent('kernel', 16) / perAgent('kernel', 256),
    ...Object.fromEntries(
      WAYS.flatMap((way) => BATCHES.map((batch) => [`${nameOf(way, batch)}Microseconds`, perAgent(way, batch)])),
    ),
    kernelBytes: KERNEL_BYTES.length / 2,
  };
};

function nameOf(way: Way, batch: Batch): string {
  return `${way}${batch}`;
}

function repeat(run: () => void, times: number): void {
  for (let i = 0; i < times; i++) run();
}

/** The yardstick: every sum by itself, rows, then outputs, then inputs. */
function createNaive({ weights, weightLayout }: Policy, rows: number) {
  const layers = ['trunk.0', 'trunk.1', 'continuous'].map((name) => denseLayer(weightLayout, name));
  const between = [new Float32Array(rows * 128), new Float32Array(rows * 128)];
  return (observation: Float32Array, action: Float32Array) => {
    let x = observation;
    layers.forEach(({ inputs, outputs, weight, bias }, i) => {
      const y = between[i] ?? action;
      for (let row = 0; row < rows; row++) {
        for (let output = 0; output < outputs; output++) {
          let sum = weights[bias + output];
          for (let input = 0; input < inputs; input++) {
            sum += x[row * inputs + input] * weights[weight + input * outputs + output];
          }
          y[row * outputs + output] = i < 2 ? Math.tanh(sum) : sum;
        }
      }
      x = y;
    });
  };
}

/** One batched decision of the whole crowd. */
function createCrowd(): () => void {
  const spec: PolicySpec = { ...SPEC, network: { ...SPEC.network, hidden: [64, 64] } };
  const policy = new Policy(spec, createWeights(spec));
  const observation = createObservations(CROWD);
  const action = new Float32Array(CROWD * 16);
  return () => policy.act(observation, action);
}

/** Throws where the two do not compute the same: a race between different runners would say nothing. */
async function requireSame(rival: RuntimePolicy, policy: Policy, observation: Float32Array): Promise<void> {
  const theirs = await rival.decide();
  const ours = new Float32Array(theirs.length);
  policy.act(observation, ours);
  const difference = ours.reduce((most, action, i) => Math.max(most, Math.abs(action - theirs[i])), 0);
  if (!(difference < 1e-5)) throw new Error(`onnxruntime's actions differ by ${difference}.`);
}

/** Weights of about the size that training begins with. */
function createWeights(spec: PolicySpec): Float32Array {
  const { weights, weightLayout } = new Policy(spec);
  const random = new Random(1);
  for (let i = 0; i < weights.length; i++) weights[i] = 0.1 * random.normal();
  const { offset, size } = requireSlice(weightLayout, 'normalizer.deviation');
  weights.fill(1, offset, offset + size);
  return weights;
}

function createObservations(rows: number): Float32Array {
  const random = new Random(2);
  return Float32Array.from({ length: rows * 48 }, () => random.normal());
}
