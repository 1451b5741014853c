import { Random } from '../core/random.ts';
import { ForwardPass } from '../policy/forward-pass.ts';
import { requireSlice } from '../policy/network.ts';
import type { Policy } from '../policy/policy.ts';
import type { ActorInput } from './actor.ts';
import { TENSOR } from './actor-names.ts';
import type { Budget } from './budget.ts';
import type { OnnxModel } from './model.ts';
import { computeNode } from './operators.ts';
import type { OutputReading, ScoresName } from './read-heads.ts';
import { withNeighbors } from './special-values.ts';
import { createTensor, type NumberTensor } from './tensor.ts';
import { Unsupported } from './unsupported.ts';
import { walkGraph } from './walk-graph.ts';

/** A file's own graph, and how to read its values. */
export interface GraphUnderTest {
  readonly model: OnnxModel;
  /** the file's constants by name */
  readonly constants: ReadonlyMap<string, NumberTensor>;
  /** its inputs, and the positions of their floats in the policy's observation */
  readonly observations: readonly (ActorInput & { readonly entries: Int32Array })[];
  /** whether it takes masks */
  readonly masked: boolean;
  /** an input that takes ε */
  readonly noise: ActorInput | undefined;
  readonly outputs: readonly OutputReading[];
  /** for each branch, the values that determine its choices */
  readonly scores: readonly (readonly ScoresName[])[];
  /** numbers that it may compare its observation with */
  readonly special: readonly number[];
}

/** Number of observations compared, if the graph takes any batch or one. */
const ROUNDS = 16;
/** ε of successive rounds; the first one allows every choice */
const NOISE = [1, -0.75, 0.25, -2];
/** float32 against float64, relative to the largest number involved */
const TOLERANCE = 1e-4;
/** the share of the first layer's numbers that counts there: sums of large numbers that cancel out are as inexact */
const SHARE = 1 / 32;
/** How many deviations an observation may be from its mean; policies clip at a million at most. */
const FURTHEST = 1e5;

/**
 * Runs a graph and the policy that was read from it on random observations and masks, and on the graph's own constants.
 * They must agree on the actions without noise, the actions for a known ε, and the probability of every choice.
 */
export function proveEqual(graph: GraphUnderTest, policy: Policy, budget: Budget): void {
  const random = new Random(policy.weights.length);
  const [{ dims }] = graph.observations;
  const rows = dims.length > 1 ? dims[0] : 1;
  const expected = new Expected(policy, rows);
  const rounds = Math.max(NOISE.length, ROUNDS / rows);
  const { special } = graph;
  for (let round = 0; round < rounds + (special.length > 0 ? special.length + rounds : 0); round++) {
    const epsilon = NOISE[round % NOISE.length];
    const observation = drawObservations(policy, rows, random);
    if (round >= rounds) {
      const whole = special[Math.floor(round - rounds)];
      const one = () => withNeighbors(special[random.integer(special.length)])[random.integer(3)];
      placeSpecial(policy, observation, () => whole ?? (random.integer(4) === 0 ? one() : undefined));
    }
    const mask = drawMasks(policy, rows, random, round % NOISE.length > 0 && graph.masked);
    const values = runGraph(graph, observation, mask, policy, rows, epsilon, budget);
    expected.act(observation, mask);
    for (const { name, kind, finish } of graph.outputs) {
      const output = values.get(name) as NumberTensor;
      if (kind === 'choices') expected.requireChoices(name, output.data);
      else expected.requireContinuous(name, output, kind === 'drawn' ? epsilon : 0, finish);
    }
    graph.scores.forEach((names, branch) => {
      for (const { name, first } of names) expected.requireScores(branch, values.get(name) as NumberTensor, first);
    });
    budget.reuse();
  }
}

/** What a policy computes for some observations, to compare with a graph's values. */
class Expected {
  readonly #policy: Policy;
  readonly #pass: ForwardPass;
  readonly #rows: number;
  /** lower bound of the numbers involved */
  #scale = 1;

  constructor(policy: Policy, rows: number) {
    this.#rows = rows;
    const { sizes, spec, weightLayout, weights } = policy;
    this.#policy = policy;
    this.#pass = new ForwardPass(sizes, spec.network, weightLayout, spec.observationClip, weights, false);
  }

  /** Decides for the rows that the following checks compare. */
  act(observation: Float32Array, mask: Uint8Array): void {
    this.#pass.act(observation, this.#rows, mask);
    this.#scale = SHARE * reachOf(this.#policy, observation);
  }

  /** clip(μ + σ · ε, ±1), or unclipped; numbers after the actions are ignored */
  requireContinuous(
    output: string,
    { dims, data }: NumberTensor,
    epsilon: number,
    finish: (x: number) => number,
  ): void {
    const { sizes, weightLayout, weights, spec } = this.#policy;
    const logDeviation = requireSlice(weightLayout, 'continuous.logDeviation').offset;
    const { mean } = this.#pass;
    const { continuous } = sizes;
    const width = data.length / this.#rows;
    if (!(width >= continuous)) throw different(`${output} has [${dims}] numbers instead of ${continuous}`);
    const limit = spec.bounds === 'clip' ? 1 : Infinity;
    for (let i = 0; i < this.#rows * continuous; i++) {
      const column = i % continuous;
      const raw = mean[i] + Math.exp(weights[logDeviation + column]) * epsilon;
      const found = finish(data[Math.floor(i / continuous) * width + column]);
      requireNear(output, found, Math.min(Math.max(raw, -limit), limit), Math.max(Math.abs(raw), this.#scale));
    }
  }

  /** The likeliest choice of each branch, or an equally likely one. */
  requireChoices(output: string, data: NumberTensor['data']): void {
    const { branches, mask } = this.#policy.sizes;
    requireCount(output, data, this.#rows * branches.length);
    for (let row = 0; row < this.#rows; row++) {
      let at = row * mask;
      for (let branch = 0; branch < branches.length; at += branches[branch++]) {
        const logProbs = this.#pass.logProbs.subarray(at, at + branches[branch]);
        const chosen = logProbs[data[row * branches.length + branch]] ?? -Infinity;
        requireNear(
          output,
          Math.exp(chosen),
          Math.exp(Math.max(...logProbs)),
          Math.max(largest(logProbs), this.#scale),
        );
      }
    }
  }

  /** The probabilities from one branch's scores, starting at column `from`. */
  requireScores(branch: number, { dims, data }: NumberTensor, from: number): void {
    const { branches, mask } = this.#policy.sizes;
    const size = branches[branch];
    const first = branches.slice(0, branch).reduce((sum, choices) => sum + choices, 0);
    const width = data.length / this.#rows;
    if (!(width >= from + size)) throw different(`its choices have scores [${dims}] instead of ${from + size}`);
    for (let row = 0; row < this.#rows; row++) {
      const logProbs = this.#pass.logProbs.subarray(row * mask + first, row * mask + first + size);
      const probabilities = normalize(data.subarray(row * width + from, row * width + from + size));
      for (let i = 0; i < size; i++)
        requireNear(
          'the probability of a choice',
          probabilities[i],
          Math.exp(logProbs[i]),
          Math.max(largest(logProbs), this.#scale),
        );
    }
  }
}

/** Scores as probabilities: they already sum to 1, or are logits or logarithms. */
function normalize(scores: Float32Array | Float64Array): number[] {
  const all = [...scores];
  const sum = all.reduce((total, score) => total + score, 0);
  if (Math.abs(sum - 1) < 1e-5 && all.every((score) => score >= 0)) return all;
  const highest = Math.max(...all);
  const weights = all.map((score) => Math.exp(score - highest));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}

function runGraph(
  { model, constants, observations, masked, noise, outputs, scores }: GraphUnderTest,
  observation: Float32Array,
  mask: Uint8Array,
  { sizes }: Policy,
  rows: number,
  epsilon: number,
  budget: Budget,
): Map<string, NumberTensor> {
  const values = new Map<string, NumberTensor>(constants);
  for (const { name, size: width, dims, entries } of observations) {
    const { data } = createTensor(dims, budget);
    for (let i = 0; i < data.length; i++)
      data[i] = observation[Math.floor(i / width) * sizes.observation + entries[i % width]];
    values.set(name, { dims, data });
  }
  if (masked) values.set(TENSOR.masks, { dims: [rows, sizes.mask], data: Float64Array.from(mask) });
  const drawNoise = (dims: readonly number[]) => {
    const { data } = createTensor(dims, budget);
    return { dims, data: data.fill(epsilon) };
  };
  if (noise) values.set(noise.name, drawNoise(noise.dims));
  const wanted = [...outputs, ...scores.flat()].map(({ name }) => name);
  walkGraph(model.graph, wanted, values, (node, inputs) =>
    computeNode(node, inputs, { opset: model.opset, budget, noise: drawNoise }),
  );
  return values;
}

/** [rows, O] around the normalizer's mean, one in eight far away. */
function drawObservations({ sizes, weights }: Policy, rows: number, random: Random): Float32Array {
  const { observation } = sizes;
  return Float32Array.from({ length: rows * observation }, (_, i) => {
    const mean = weights[i % observation];
    const deviation = Math.min(weights[observation + (i % observation)], 1e6);
    return mean + deviation * random.normal() * (random.integer(8) === 0 ? 20 : 1);
  });
}

/** Writes special numbers (if there are any) into an observation, except those that only a policy would clip. */
function placeSpecial({ sizes, weights }: Policy, observation: Float32Array, draw: () => number | undefined): void {
  for (let i = 0; i < observation.length; i++) {
    const value = draw();
    const entry = i % sizes.observation;
    if (value !== undefined && Math.abs(value - weights[entry]) <= FURTHEST * weights[sizes.observation + entry])
      observation[i] = value;
  }
}

/** The magnitude of the numbers that a policy's first layer sees. */
function reachOf({ sizes, weights, spec }: Policy, observation: Float32Array): number {
  return observation.reduce((most, value, i) => {
    const entry = i % sizes.observation;
    const seen = Math.abs(value - weights[entry]) / weights[sizes.observation + entry];
    return Math.max(most, Math.min(seen, spec.observationClip));
  }, 0);
}

/** [rows, M] all allowed, or each choice with probability 1/2 and at least one per branch. */
function drawMasks({ sizes }: Policy, rows: number, random: Random, blocking: boolean): Uint8Array {
  const mask = new Uint8Array(rows * sizes.mask).fill(1);
  if (!blocking) return mask;
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (const choices of sizes.branches) {
      const allowed = random.integer(choices);
      for (let i = 0; i < choices; i++) mask[at + i] = i === allowed || random.uniform() < 0.5 ? 1 : 0;
      at += choices;
    }
  }
  return mask;
}

/** The largest absolute value of the finite numbers. */
function largest(values: Float32Array): number {
  return values.reduce((most, value) => (value === -Infinity ? most : Math.max(most, Math.abs(value))), 0);
}

function requireCount(what: string, { length }: NumberTensor['data'], expected: number): void {
  if (length !== expected) throw different(`${what} has ${length} numbers instead of ${expected}`);
}

function requireNear(what: string, found: number, expected: number, scale: number): void {
  if (Math.abs(found - expected) <= TOLERANCE * Math.max(1, scale)) return;
  throw different(`${what} is ${found.toPrecision(4)} instead of ${expected.toPrecision(4)} on a random observation`);
}

function different(how: string): Unsupported {
  return new Unsupported(
    `does not behave like the dense policy that it seems to be: ${how}`,
    'Export a plain policy of dense layers',
  );
}
