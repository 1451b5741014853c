import { Random } from '../../plugin/core/random.ts';
import { type AttributeValue, createValue, GraphBuilder } from '../../plugin/onnx/graph-builder.ts';
import { ELEMENT, type OnnxTensor, type OnnxValue } from '../../plugin/onnx/model.ts';
import { writeModel } from '../../plugin/onnx/write-model.ts';

/** Adds a graph's body, including its action outputs. */
export type Body = (actor: ActorBuilder) => void;

/** How an actor's file is assembled. */
export interface ActorFile {
  readonly opset?: number;
  readonly inputs?: readonly OnnxValue[];
  readonly version?: number;
  readonly memory?: number;
  readonly metadata?: ReadonlyMap<string, string>;
}

/** Builds small ONNX files node by node, in any way that an exporter may write an actor. */
export class ActorBuilder extends GraphBuilder {
  readonly outputs: OnnxValue[] = [];
  readonly #random = new Random(11);

  /** Random numbers under a meaningless name. */
  weights(dims: readonly number[], scale = 0.5): string {
    const count = dims.reduce((product, size) => product * size, 1);
    const values = Float32Array.from({ length: count }, () => scale * this.#random.normal());
    return this.floats(`onnx::${this.initializers.length}`, dims, values);
  }

  value(dims: readonly number[], values: readonly number[]): string {
    return this.floats(`onnx::${this.initializers.length}`, dims, values);
  }

  index(values: readonly number[]): string {
    return this.integers(`onnx::${this.initializers.length}`, values);
  }

  /** A tensor with a single 1, for an attribute. */
  ones(): OnnxTensor {
    this.value([1], [1]);
    return this.initializers.pop()!;
  }

  /** One index, without an axis. */
  scalarIndex(value: number): string {
    const name = this.index([value]);
    this.initializers.push({ ...this.initializers.pop()!, dims: [] });
    return name;
  }

  /** x · Wᵀ + b */
  gemm(x: string, inputs: number, outputs: number, attributes: Record<string, AttributeValue> = {}): string {
    return this.node('Gemm', [x, this.weights([outputs, inputs]), this.weights([outputs])], {
      transB: { int: 1 },
      ...attributes,
    });
  }

  swish(x: string): string {
    return this.node('Mul', [x, this.node('Sigmoid', [x])]);
  }

  clip(x: string, limit: number): string {
    return this.node('Clip', [x], { min: { float: -limit }, max: { float: limit } });
  }

  /** clamp(x, −3, 3) / 3 as the output `output` */
  action(x: string, output: string, size: number): void {
    this.node('Div', [this.clip(x, 3), this.value([], [3])], {}, output);
    this.outputs.push(createValue(output, ['batch', size]));
  }

  /** ArgMax and Multinomial of one branch's scores, as the discrete outputs. */
  choice(scores: string): void {
    const draw = { sample_size: { int: 1 }, dtype: { int: 7 } };
    this.node('Multinomial', [this.node('Log', [scores])], draw, 'discrete_actions');
    this.node('ArgMax', [scores], { axis: { int: 1 }, keepdims: { int: 1 } }, 'deterministic_discrete_actions');
    for (const name of ['discrete_actions', 'deterministic_discrete_actions'])
      this.outputs.push(createValue(name, ['batch', 1], ELEMENT.int64));
  }
}

/** The usual input: 4 floats. */
export const OBSERVED = [createValue('obs_0', ['batch', 4])];
/** The same with masks for 3 choices. */
export const MASKED = [...OBSERVED, createValue('action_masks', ['batch', 3])];

/** An ML-Agents model with `body` between its inputs and outputs. */
export function createActorFile(
  body: Body,
  { opset = 9, inputs = OBSERVED, version = 3, memory = 0, metadata = new Map() }: ActorFile = {},
): Uint8Array<ArrayBuffer> {
  const actor = new ActorBuilder();
  body(actor);
  for (const [name, value] of [
    ['version_number', version],
    ['memory_size', memory],
  ] as const) {
    actor.node('Identity', [actor.value([1], [value])], {}, name);
    actor.outputs.push(createValue(name, [1]));
  }
  const { nodes, initializers, outputs } = actor;
  return writeModel({
    irVersion: 4,
    opset,
    producer: 'a test',
    graph: { name: 'torch_jit', nodes, initializers, inputs, outputs },
    metadata,
  });
}

/** How another trainer's file is assembled. */
export interface PlainFile {
  readonly opset?: number;
  readonly inputs?: readonly OnnxValue[];
  readonly outputs?: readonly OnnxValue[];
}

/** A policy of another trainer: `body` computes "actions" [1, 2] from "obs" [1, 4], or from other values as given. */
export function createPlainFile(
  body: Body,
  { opset = 17, inputs = [createValue('obs', [1, 4])], outputs = [createValue('actions', [1, 2])] }: PlainFile = {},
): Uint8Array<ArrayBuffer> {
  const actor = new ActorBuilder();
  body(actor);
  const graph = { name: 'main_graph', nodes: actor.nodes, initializers: actor.initializers, inputs, outputs };
  return writeModel({ irVersion: 8, opset, producer: 'a test', graph, metadata: new Map() });
}

/** A continuous actor: normalizer, one hidden layer, two actions. */
export const CONTINUOUS: Body = (actor) => {
  const centered = actor.node('Sub', ['obs_0', actor.weights([4])]);
  const x = actor.clip(actor.node('Div', [centered, actor.value([4], [1, 2, 3, 4])]), 5);
  const mean = actor.gemm(actor.swish(actor.gemm(x, 4, 6)), 6, 2);
  const noise = actor.node('Mul', [actor.node('RandomNormalLike', [mean]), actor.value([1, 2], [0.5, 2])]);
  actor.action(actor.node('Add', [mean, noise]), 'continuous_actions', 2);
  actor.action(mean, 'deterministic_continuous_actions', 2);
};

/** logits · mask − 1e8 · (1 − mask) */
export function maskLogits(actor: ActorBuilder, logits: string, mask = 'action_masks'): string {
  const blocked = actor.node('Add', [actor.node('Mul', [mask, actor.value([], [-1])]), actor.value([], [1])]);
  const far = actor.node('Mul', [blocked, actor.value([], [1e8])]);
  return actor.node('Sub', [actor.node('Mul', [logits, mask]), far]);
}

/** A discrete actor: one hidden layer, one branch of three choices. */
export const DISCRETE: Body = (actor) => {
  const logits = actor.gemm(actor.swish(actor.gemm('obs_0', 4, 6)), 6, 3);
  actor.choice(actor.node('Softmax', [maskLogits(actor, logits)], { axis: { int: 1 } }));
};
