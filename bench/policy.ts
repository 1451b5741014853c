import type { AgentLayout } from '../plugin/core/layout.ts';
import { Random } from '../plugin/core/random.ts';
import { KERNEL_BYTES } from '../plugin/policy/kernel-bytes.ts';
import { denseLayer, requireSlice } from '../plugin/policy/network.ts';
import { Policy, type PolicySpec } from '../plugin/policy/policy.ts';
import type { Benchmark } from './benchmark.ts';
import { interleave } from './interleave.ts';

const BATCHES = [1, 16, 64, 256] as const;
type Batch = (typeof BATCHES)[number];
const WAYS = ['naive', 'plain', 'kernel'] as const;
type Way = (typeof WAYS)[number];

/** Rows that a timed run decides for, so that each takes some milliseconds whatever the batch. */
const ROWS: Readonly<Record<Way, number>> = { naive: 256, plain: 256, kernel: 2048 };

const LAYOUT: AgentLayout = {
  sensors: [{ name: 'body', size: 48 }],
  actuators: [{ name: 'joints', continuous: 16, branches: [] }],
};

const SPEC: PolicySpec = {
  name: 'bench',
  layout: LAYOUT,
  network: { hidden: [128, 128], activation: 'tanh', critic: 'none' },
  normaliserClip: 10,
  bounds: 'clip',
  timeStep: 1 / 60,
  decisionPeriod: 4,
};

/**
 * Decisions of a 48-128-128-16 network: the kernel, plain TypeScript, and the loops that one would write first. Kernel and
 * plain are timed whole, with normalisation and the action's clipping; the naive loops are the dense layers alone.
 */
export const benchPolicy: Benchmark = async ({ seconds }) => {
  const parameters = createParameters();
  const variants: Record<string, () => void> = {};
  for (const batch of BATCHES) {
    const observation = createObservations(batch);
    const action = new Float32Array(batch * 16);
    const [plain, kernel] = [false, true].map((kernel) => new Policy(SPEC, parameters.slice(), { kernel }));
    const naive = createNaive(kernel, batch);
    const runs: Record<Way, () => void> = {
      naive: () => naive(observation, action),
      plain: () => plain.act(observation, action),
      kernel: () => kernel.act(observation, action),
    };
    for (const way of WAYS) variants[nameOf(way, batch)] = () => repeat(runs[way], ROWS[way] / batch);
  }
  const times = await interleave(variants, { seconds });
  const perAgent = (way: Way, batch: Batch) => (1000 * times[nameOf(way, batch)]) / ROWS[way];
  const ratio = (way: Way, batch: Batch) => perAgent('naive', batch) / perAgent(way, batch);
  return {
    ratioBatch1: ratio('kernel', 1),
    ratioBatch16: ratio('kernel', 16),
    ratioFallback: Math.min(ratio('plain', 1), ratio('plain', 16)),
    ratioSmallBatch: perAgent('kernel', 16) / perAgent('kernel', 256),
    ...Object.fromEntries(
      WAYS.flatMap((way) => BATCHES.map((batch) => [`${nameOf(way, batch)}Microseconds`, perAgent(way, batch)])),
    ),
    kernelBytes: atob(KERNEL_BYTES).length,
  };
};

function nameOf(way: Way, batch: Batch): string {
  return `${way}${batch}`;
}

function repeat(run: () => void, times: number): void {
  for (let i = 0; i < times; i++) run();
}

/** The yardstick: every sum by itself, rows, then outputs, then inputs. */
function createNaive({ parameters, parameterLayout }: Policy, rows: number) {
  const layers = ['trunk.0', 'trunk.1', 'continuous'].map((name) => denseLayer(parameterLayout, name));
  const between = [new Float32Array(rows * 128), new Float32Array(rows * 128)];
  return (observation: Float32Array, action: Float32Array) => {
    let x = observation;
    layers.forEach(({ inputs, outputs, weight, bias }, i) => {
      const y = between[i] ?? action;
      for (let row = 0; row < rows; row++) {
        for (let output = 0; output < outputs; output++) {
          let sum = parameters[bias + output];
          for (let input = 0; input < inputs; input++) {
            sum += x[row * inputs + input] * parameters[weight + input * outputs + output];
          }
          y[row * outputs + output] = i < 2 ? Math.tanh(sum) : sum;
        }
      }
      x = y;
    });
  };
}

/** Weights of about the size that training begins with. */
function createParameters(): Float32Array {
  const { parameters, parameterLayout } = new Policy(SPEC);
  const random = new Random(1);
  for (let i = 0; i < parameters.length; i++) parameters[i] = 0.1 * random.normal();
  const { offset, size } = requireSlice(parameterLayout, 'normaliser.deviation');
  parameters.fill(1, offset, offset + size);
  return parameters;
}

function createObservations(rows: number): Float32Array {
  const random = new Random(2);
  return Float32Array.from({ length: rows * 48 }, () => random.normal());
}
