import { Random } from '../core/random.ts';
import { ForwardPass } from '../policy/forward-pass.ts';
import { requireSlice } from '../policy/network.ts';
import type { Policy } from '../policy/policy.ts';
import { TENSOR } from './actor-names.ts';
import type { Budget } from './budget.ts';
import type { OnnxModel } from './model.ts';
import { computeNode } from './operators.ts';
import { countOf, type Tensor } from './tensor.ts';
import { Unsupported } from './unsupported.ts';
import { walkGraph } from './walk-graph.ts';

/** A file's own graph, and how its values are to be read. */
export interface GraphUnderTest {
  readonly model: OnnxModel;
  /** the file's constants by name */
  readonly constants: ReadonlyMap<string, Tensor>;
  /** its inputs, and where their floats stand in the policy's observation */
  readonly observations: readonly { readonly name: string; readonly size: number; readonly offset: number }[];
  /** whether it takes masks */
  readonly masked: boolean;
  /** the outputs that hold actions */
  readonly actions: readonly string[];
  /** of every branch, the values that its choices are made from */
  readonly scores: readonly (readonly string[])[];
}

const ROWS = 4;
/** ε of each round; with the first of them everything is allowed */
const NOISE = [1, -0.75, 0.25, -2];
/** float32 against float64, relative to the largest number involved */
const TOLERANCE = 1e-4;

/**
 * Runs a graph on random observations and masks, and the policy that was read from it too. They must agree: the actions
 * without chance, the actions for a known ε, and the probability of every choice.
 */
export function proveEqual(graph: GraphUnderTest, policy: Policy, budget: Budget): void {
  const random = new Random(policy.parameters.length);
  const expected = new Expected(policy);
  NOISE.forEach((epsilon, round) => {
    const observation = drawObservations(policy, random);
    const mask = drawMasks(policy, random, round > 0 && graph.masked);
    const values = runGraph(graph, observation, mask, policy, epsilon, budget);
    expected.act(observation, mask);
    for (const output of graph.actions) {
      const { data } = values.get(output) as Tensor;
      if (output === TENSOR.continuous) expected.requireContinuous(output, data, epsilon);
      else if (output === TENSOR.certainContinuous) expected.requireContinuous(output, data, 0);
      else expected.requireChoices(output, data);
    }
    graph.scores.forEach((names, branch) => {
      for (const name of names) expected.requireScores(branch, values.get(name) as Tensor);
    });
  });
}

/** What a policy makes of some observations, to hold a graph's values against. */
class Expected {
  readonly #policy: Policy;
  readonly #pass: ForwardPass;

  constructor(policy: Policy) {
    const { sizes, spec, parameterLayout, parameters } = policy;
    this.#policy = policy;
    this.#pass = new ForwardPass(sizes, spec.network, parameterLayout, spec.normaliserClip, parameters, false);
  }

  /** Decides for the rows that the requirements are about from now on. */
  act(observation: Float32Array, mask: Uint8Array): void {
    this.#pass.act(observation, ROWS, mask);
  }

  /** clip(μ + σ · ε, ±1) */
  requireContinuous(output: string, data: Tensor['data'], epsilon: number): void {
    const { sizes, parameterLayout, parameters } = this.#policy;
    const logDeviation = requireSlice(parameterLayout, 'continuous.logDeviation').offset;
    const { mean } = this.#pass;
    requireCount(output, data, ROWS * sizes.continuous);
    for (let i = 0; i < data.length; i++) {
      const raw = mean[i] + Math.exp(parameters[logDeviation + (i % sizes.continuous)]) * epsilon;
      requireNear(output, data[i], Math.min(Math.max(raw, -1), 1), Math.abs(raw));
    }
  }

  /** The likeliest choice of each branch, or one that is as likely. */
  requireChoices(output: string, data: Tensor['data']): void {
    const { branches, mask } = this.#policy.sizes;
    requireCount(output, data, ROWS * branches.length);
    for (let row = 0; row < ROWS; row++) {
      let at = row * mask;
      for (let branch = 0; branch < branches.length; at += branches[branch++]) {
        const logProbs = this.#pass.logProbs.subarray(at, at + branches[branch]);
        const chosen = logProbs[data[row * branches.length + branch]] ?? -Infinity;
        requireNear(output, Math.exp(chosen), Math.exp(Math.max(...logProbs)), largest(logProbs));
      }
    }
  }

  /** The probabilities that one branch's scores come to. */
  requireScores(branch: number, { data }: Tensor): void {
    const { branches, mask } = this.#policy.sizes;
    const size = branches[branch];
    const first = branches.slice(0, branch).reduce((sum, choices) => sum + choices, 0);
    requireCount('the scores of its choices', data, ROWS * size);
    for (let row = 0; row < ROWS; row++) {
      const logProbs = this.#pass.logProbs.subarray(row * mask + first, row * mask + first + size);
      const probabilities = normalise(data.subarray(row * size, (row + 1) * size));
      for (let i = 0; i < size; i++)
        requireNear('the probability of a choice', probabilities[i], Math.exp(logProbs[i]), largest(logProbs));
    }
  }
}

/** Scores as probabilities: they sum to 1 already, or are logits or logarithms. */
function normalise(scores: Float32Array | Float64Array): number[] {
  const all = [...scores];
  const sum = all.reduce((total, score) => total + score, 0);
  if (Math.abs(sum - 1) < 1e-6 && all.every((score) => score >= 0)) return all;
  const highest = Math.max(...all);
  const weights = all.map((score) => Math.exp(score - highest));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}

function runGraph(
  { model, constants, observations, masked, actions, scores }: GraphUnderTest,
  observation: Float32Array,
  mask: Uint8Array,
  { sizes }: Policy,
  epsilon: number,
  budget: Budget,
): Map<string, Tensor> {
  const values = new Map<string, Tensor>(constants);
  for (const { name, size: width, offset } of observations) {
    const data = Float64Array.from({ length: ROWS * width }, (_, i) => {
      return observation[Math.floor(i / width) * sizes.observation + offset + (i % width)];
    });
    values.set(name, { dims: [ROWS, width], data });
  }
  if (masked) values.set(TENSOR.masks, { dims: [ROWS, sizes.mask], data: Float64Array.from(mask) });
  const noise = (dims: readonly number[]) => {
    budget.spend(8 * countOf(dims));
    return { dims, data: new Float64Array(countOf(dims)).fill(epsilon) };
  };
  const { opset } = model;
  walkGraph(model.graph, [...actions, ...scores.flat()], values, (node, inputs) => [
    computeNode(node, inputs, { opset, budget, noise }),
  ]);
  return values;
}

/** [ROWS, O] around the normaliser's mean, one in eight far away. */
function drawObservations({ sizes, parameters }: Policy, random: Random): Float32Array {
  const { observation } = sizes;
  return Float32Array.from({ length: ROWS * observation }, (_, i) => {
    const mean = parameters[i % observation];
    const deviation = Math.min(parameters[observation + (i % observation)], 1e6);
    return mean + deviation * random.normal() * (random.integer(8) === 0 ? 20 : 1);
  });
}

/** [ROWS, M] all allowed, or each choice with a chance of 1/2 and at least one of each branch. */
function drawMasks({ sizes }: Policy, random: Random, blocking: boolean): Uint8Array {
  const mask = new Uint8Array(ROWS * sizes.mask).fill(1);
  if (!blocking) return mask;
  let at = 0;
  for (let row = 0; row < ROWS; row++) {
    for (const choices of sizes.branches) {
      const allowed = random.integer(choices);
      for (let i = 0; i < choices; i++) mask[at + i] = i === allowed || random.uniform() < 0.5 ? 1 : 0;
      at += choices;
    }
  }
  return mask;
}

/** The largest of the finite numbers, without their signs. */
function largest(values: Float32Array): number {
  return values.reduce((most, value) => (value === -Infinity ? most : Math.max(most, Math.abs(value))), 0);
}

function requireCount(what: string, { length }: Tensor['data'], expected: number): void {
  if (length !== expected) throw different(`${what} has ${length} numbers for ${expected}`);
}

function requireNear(what: string, found: number, expected: number, scale: number): void {
  if (Math.abs(found - expected) <= TOLERANCE * Math.max(1, scale)) return;
  throw different(`${what} is ${found.toPrecision(4)} for ${expected.toPrecision(4)} on a random observation`);
}

function different(how: string): Unsupported {
  return new Unsupported(
    `computes something else than the dense policy that it looks like: ${how}`,
    'It cannot be imported; export it with ML-Agents itself',
  );
}
