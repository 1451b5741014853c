import { requireOneActivation } from '../../policy/network.ts';
import type { LearnerContext } from '../engine.ts';
import { createKernel } from './kernel.ts';
import type { KernelLayer, NetworkKernel, Stack } from './network.ts';
import { createPacking, type Packing, type PaddedLayer } from './packing.ts';

/** R, rows that go through the whole network together: few enough to keep their activations in the processor's cache. */
export const CHUNK = 64;

/** What gradient steps work on: one memory, and views of its parts. Every float starts as 0. */
export interface LearnerWorkspace extends NetworkKernel {
  readonly packing: Packing;
  readonly stacks: readonly Stack[];
  /** [R, inputs of the first layers] */
  readonly observation: Float32Array;
  /** for each stack, its heads' outputs [R, outputs] and the loss gradient there */
  readonly heads: readonly HeadViews[];
  /** [size] packed, like the next three */
  readonly weights: Float32Array;
  readonly gradient: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
}

/** The matrices [R, outputs] of one stack's heads, row-major. */
export interface HeadViews {
  /** floats per row */
  readonly outputs: number;
  readonly output: Float32Array;
  /** ∂L/∂output */
  readonly gradient: Float32Array;
}

/** Lays out and allocates a learner's memory. */
export function createWorkspace(context: LearnerContext): LearnerWorkspace {
  const packing = createPacking(context);
  const activation = requireOneActivation(context.spec.network);
  const { take, bytes } = createPlan();
  const one = take(1);
  const [weights, gradient, firstMoment, secondMoment] = [1, 2, 3, 4].map(() => take(packing.size));
  const width = packing.stacks[0][0].inputs;
  const observation = take(CHUNK * width);

  const addLayer = ({ inputs, outputs, weight, bias }: PaddedLayer, before: KernelLayer | undefined): KernelLayer => ({
    inputs,
    outputs,
    weight: weights + 4 * weight,
    bias: weights + 4 * bias,
    weightGradient: gradient + 4 * weight,
    biasGradient: gradient + 4 * bias,
    x: before?.y ?? observation,
    y: take(CHUNK * outputs),
    dy: take(CHUNK * outputs),
    slope: activation === 'swish' ? take(CHUNK * outputs) : 0,
    transposed: before ? take(inputs * outputs) : 0,
  });
  const stacks = packing.stacks.map((packed) => {
    const layers: KernelLayer[] = [];
    for (const layer of packed) layers.push(addLayer(layer, layers.at(-1)));
    return layers;
  });

  const { kernel, buffer } = createKernel(bytes());
  const view = (address: number, length: number) => new Float32Array(buffer, address, length);
  view(one, 1)[0] = 1;
  return {
    kernel,
    activation,
    one,
    packing,
    stacks,
    observation: view(observation, CHUNK * width),
    heads: stacks.map((stack) => {
      const { outputs, y, dy } = stack[stack.length - 1];
      return { outputs, output: view(y, CHUNK * outputs), gradient: view(dy, CHUNK * outputs) };
    }),
    weights: view(weights, packing.size),
    gradient: view(gradient, packing.size),
    firstMoment: view(firstMoment, packing.size),
    secondMoment: view(secondMoment, packing.size),
  };
}

/** Allocates addresses one after another, each at the start of a cache line. */
function createPlan() {
  const line = 64;
  let end = line; // address 0 stays unused
  return {
    take(floats: number): number {
      const address = end;
      end += Math.ceil((4 * floats) / line) * line;
      return address;
    },
    bytes: () => end,
  };
}
