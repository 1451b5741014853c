import { type Activation, activationsOf, denseLayer, requireSlice, type WeightSlice } from '../policy/network.ts';
import type { Policy } from '../policy/policy.ts';
import { ACTION_BOUND, MODEL_VERSION, TENSOR, WEIGHT } from './actor-names.ts';
import type { GraphBuilder } from './graph-builder.ts';
import type { ObservationInput } from './sensor-order.ts';

/** The operator of each activation; swish needs two. */
const OPERATOR: Readonly<Record<Exclude<Activation, 'swish'>, string>> = { tanh: 'Tanh', relu: 'Relu', elu: 'Elu' };

/** Adds an ML-Agents actor to a graph: from `inputs` and the masks to the outputs that Unity reads. */
export function addActions(
  graph: GraphBuilder,
  policy: Policy,
  inputs: readonly ObservationInput[],
  opset: number,
): void {
  const actor = new ActorGraph(graph, policy, opset);
  const { continuous, branches } = policy.sizes;
  actor.constant(TENSOR.version, [1], [MODEL_VERSION]);
  actor.constant(TENSOR.memorySize, [1], [0]);
  const features = actor.trunk(actor.normalize(inputs), inputs);
  if (continuous > 0) actor.continuousHead(features, inputs);
  if (branches.length > 0) actor.discreteHead(features, inputs);
}

/**
 * The parts of an actor's graph:
 *
 *   x = clip((obs − mean) / deviation, ±c) → hidden layers
 *   deterministic_continuous_actions = clip(μ, ±3) / 3,   continuous_actions = clip(μ + ε · exp(log σ), ±3) / 3
 *   logits · mask − 1e8 · (1 − mask) → softmax → ArgMax, and log → Multinomial
 *
 * Weights are [outputs, inputs], as in ML-Agents. Our actions are clip(raw, ±1), so its μ and σ are 3 times ours. Actions
 * of a policy without bounds are left as they are.
 */
class ActorGraph {
  readonly #graph: GraphBuilder;
  readonly #policy: Policy;
  readonly #opset: number;

  constructor(graph: GraphBuilder, policy: Policy, opset: number) {
    this.#graph = graph;
    this.#policy = policy;
    this.#opset = opset;
  }

  /** An output with a fixed value, whatever the input. */
  constant(output: string, dims: readonly number[], values: readonly number[]): void {
    this.#graph.node('Identity', [this.#graph.floats(`${output}_value`, dims, values)], {}, output);
  }

  normalize(inputs: readonly ObservationInput[]): string {
    const graph = this.#graph;
    const { observationClip } = this.#policy.spec;
    const mean = this.#values('normalizer.mean');
    const deviation = this.#values('normalizer.deviation');
    const normalized = inputs.map(({ name, dims, entries }, i) => {
      const size = entries.length;
      const part = (values: Float32Array) => Float32Array.from(entries, (entry) => values[entry]);
      const floats = dims.length > 1 ? graph.node('Flatten', [name], { axis: { int: 1 } }) : name;
      const centered = graph.node('Sub', [floats, graph.floats(WEIGHT.mean(i), [size], part(mean))]);
      const scaled = graph.node('Div', [centered, graph.floats(WEIGHT.deviation(i), [size], part(deviation))]);
      return this.#clip(scaled, observationClip, 'observation_clip');
    });
    return graph.node('Concat', normalized, { axis: { int: 1 } });
  }

  trunk(normalized: string, inputs: readonly ObservationInput[]): string {
    const { hidden } = this.#policy.spec.network;
    const activations = activationsOf(this.#policy.spec.network);
    return hidden.reduce((x, _, i) => {
      const activation = activations[i];
      const sums = this.#dense(x, WEIGHT.layer(i), `trunk.${i}`, i === 0 ? inputs : undefined);
      if (activation === undefined) return sums;
      if (activation === 'swish') return this.#graph.node('Mul', [sums, this.#graph.node('Sigmoid', [sums])]);
      return this.#graph.node(OPERATOR[activation], [sums]);
    }, normalized);
  }

  continuousHead(features: string, inputs: readonly ObservationInput[]): void {
    const graph = this.#graph;
    const { continuous } = this.#policy.sizes;
    const free = this.#policy.spec.bounds === 'none';
    const scale = free ? 1 : ACTION_BOUND;
    const mean = this.#dense(features, WEIGHT.continuous, 'continuous', this.#direct(inputs), { scale });
    const logDeviation = this.#values('continuous.logDeviation').map((log) => log + Math.log(scale));
    const deviation = graph.node('Exp', [graph.floats(WEIGHT.logDeviation, [1, continuous], logDeviation)]);
    const noise = graph.node('Mul', [graph.node('RandomNormalLike', [mean]), deviation]);
    const bound = free ? '' : graph.floats('action_bound', [1], [ACTION_BOUND]);
    const emit = (raw: string, output: string) =>
      free
        ? graph.node('Identity', [raw], {}, output)
        : graph.node('Div', [this.#clip(raw, ACTION_BOUND, 'action_clip'), bound], {}, output);
    emit(graph.node('Add', [mean, noise]), TENSOR.continuous);
    emit(mean, TENSOR.certainContinuous);
    this.constant(TENSOR.continuousShape, [1], [continuous]);
  }

  discreteHead(features: string, inputs: readonly ObservationInput[]): void {
    const graph = this.#graph;
    const { branches } = this.#policy.sizes;
    const one = graph.floats('mask_one', [1], [1]);
    const minusOne = graph.floats('mask_minus_one', [1], [-1]); // ML-Agents avoids 1 − mask: an engine swapped the operands
    const far = graph.floats('mask_depth', [1], [1e8]);
    const drawn: string[] = [];
    const likeliest: string[] = [];
    let first = 0;
    branches.forEach((choices, branch) => {
      const columns = { first, count: choices };
      const logits = this.#dense(features, WEIGHT.discrete(branch), 'discrete', this.#direct(inputs), columns);
      const mask = this.#slice(TENSOR.masks, first, first + choices, branch);
      const blocked = graph.node('Add', [graph.node('Mul', [mask, minusOne]), one]);
      const masked = graph.node('Sub', [graph.node('Mul', [logits, mask]), graph.node('Mul', [blocked, far])]);
      const probabilities = graph.node('Softmax', [masked], { axis: { int: 1 } });
      const draw = { sample_size: { int: 1 }, dtype: { int: 7 } };
      drawn.push(graph.node('Multinomial', [graph.node('Log', [probabilities])], draw));
      likeliest.push(graph.node('ArgMax', [probabilities], { axis: { int: 1 }, keepdims: { int: 1 } }));
      first += choices;
    });
    graph.node('Concat', drawn, { axis: { int: 1 } }, TENSOR.discrete);
    graph.node('Concat', likeliest, { axis: { int: 1 } }, TENSOR.certainDiscrete);
    this.constant(TENSOR.discreteShape, [1, branches.length], branches);
  }

  /** y = x · Wᵀ + b of `slice`, or of some of its columns; pass `inputs` (in their order) if x is the observation itself. */
  #dense(
    x: string,
    name: string,
    slice: string,
    inputs: readonly ObservationInput[] | undefined,
    { scale = 1, first = 0, count = -1 }: { scale?: number; first?: number; count?: number } = {},
  ): string {
    const graph = this.#graph;
    const layer = denseLayer(this.#policy.weightLayout, slice);
    const { weights } = this.#policy;
    const outputs = count < 0 ? layer.outputs : count;
    const order = inputs?.flatMap(({ entries }) => [...entries]);
    const weight = new Float32Array(outputs * layer.inputs);
    for (let output = 0, to = 0; output < outputs; output++) {
      for (let input = 0; input < layer.inputs; input++, to++) {
        const row = order ? order[input] : input;
        weight[to] = scale * weights[layer.weight + row * layer.outputs + first + output];
      }
    }
    const bias = weights.slice(layer.bias + first, layer.bias + first + outputs).map((value) => scale * value);
    const operands = [
      x,
      graph.floats(`${name}.weight`, [outputs, layer.inputs], weight),
      graph.floats(`${name}.bias`, [outputs], bias),
    ];
    return graph.node('Gemm', operands, { alpha: { float: 1 }, beta: { float: 1 }, transB: { int: 1 } });
  }

  /** clip(x, ±limit); the limits are inputs since opset 11. */
  #clip(x: string, limit: number, name: string): string {
    const graph = this.#graph;
    if (this.#opset < 11) return graph.node('Clip', [x], { min: { float: -limit }, max: { float: limit } });
    const limits = [`${name}_low`, `${name}_high`];
    if (!graph.initializers.some((constant) => constant.name === limits[0])) {
      limits.forEach((constant, i) => {
        graph.floats(constant, [], [i === 0 ? -limit : limit]);
      });
    }
    return graph.node('Clip', [x, ...limits]);
  }

  /** Columns [from, to); they are inputs since opset 10. */
  #slice(x: string, from: number, to: number, branch: number): string {
    const graph = this.#graph;
    if (this.#opset < 10)
      return graph.node('Slice', [x], { axes: { ints: [1] }, starts: { ints: [from] }, ends: { ints: [to] } });
    const inputs = [
      graph.integers(`branch_${branch}_from`, [from]),
      graph.integers(`branch_${branch}_to`, [to]),
      graph.integers(`branch_${branch}_axis`, [1]),
    ];
    return graph.node('Slice', [x, ...inputs]);
  }

  /** The inputs, if a head reads the observation directly (no hidden layers). */
  #direct(inputs: readonly ObservationInput[]): readonly ObservationInput[] | undefined {
    return this.#policy.spec.network.hidden.length === 0 ? inputs : undefined;
  }

  #values(name: string): Float32Array {
    const { offset, size }: WeightSlice = requireSlice(this.#policy.weightLayout, name);
    return this.#policy.weights.subarray(offset, offset + size);
  }
}
