import type { Random } from '../../plugin/core/random.ts';
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from '../../plugin/onnx/model.ts';
import { readModel } from '../../plugin/onnx/read-model.ts';
import { writeModel } from '../../plugin/onnx/write-model.ts';
import type { Mutation } from './mutations.ts';

const SIZES = [0, 1, 2, 3, 7, 64, 65_536, 1e6, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53, -1, -(2 ** 31)];
const NUMBERS = [...SIZES, 0.5, -0.5, 1e30, -1e30, 3e38, 1e-45, Number.NaN, Infinity, -Infinity];
const OPERATORS = [
  ...[
    'Add',
    'Sub',
    'Mul',
    'Div',
    'Pow',
    'Min',
    'Max',
    'Exp',
    'Log',
    'Sqrt',
    'Neg',
    'Reciprocal',
    'Abs',
    'Where',
    'Cast',
  ],
  ...['Gemm', 'MatMul', 'Softmax', 'LogSoftmax', 'Sigmoid', 'Tanh', 'Relu', 'Clip', 'Concat', 'Slice', 'Gather'],
  ...[
    'Reshape',
    'Flatten',
    'Squeeze',
    'Unsqueeze',
    'Identity',
    'Constant',
    'ArgMax',
    'Multinomial',
    'RandomNormalLike',
  ],
  ...['Elu', 'LeakyRelu', 'PRelu', 'Celu', 'HardSigmoid', 'Swish', 'Sum', 'Split', 'Transpose', 'Shape', 'Expand'],
  ...['ConstantOfShape', 'BatchNormalization', 'ReduceSum', 'ReduceMax', 'ReduceLogSumExp'],
  ...['Conv', 'LSTM', 'Loop', 'Equal', 'Not', 'Less', 'toString', '__proto__', ''],
];
const DESCRIPTIONS = [
  ...['', '{}', '[]', 'null', '"x"', '{"format":"onnx-policy","version":1}', '['.repeat(50_000)],
  ...[-1, 0, 1.5, 8, 1e9, 2 ** 53].map((size) =>
    JSON.stringify({
      ...{ format: 'onnx-policy', version: 1, name: 'x', observations: 'joined', timeStep: 0.02, decisionPeriod: 5 },
      layout: { sensors: [{ name: 'a', size }], actuators: [{ name: 'b', continuous: size, branches: [size] }] },
    }),
  ),
];

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Entry)[] ? Entry[] : T[Key] };

/** Changes one to three things in a valid model so that every length and count still agrees, and writes it again. */
export function forgeModel(file: Uint8Array, random: Random): Mutation {
  const model = readModel(file, 'The sound file');
  const { graph, metadata } = model;
  const forged = {
    ...model,
    metadata: new Map(metadata),
    graph: {
      ...graph,
      nodes: [...graph.nodes],
      initializers: [...graph.initializers],
      inputs: [...graph.inputs],
      outputs: [...graph.outputs],
    },
  };
  const labels = Array.from({ length: 1 + random.integer(3) }, () => pick(FORGERIES, random)(forged, random));
  return { label: labels.join(', '), bytes: writeModel(forged) };
}

type Forged = Mutable<Omit<OnnxModel, 'graph' | 'metadata'>> & {
  metadata: Map<string, string>;
  graph: Mutable<OnnxModel['graph']>;
};

const FORGERIES: readonly ((model: Forged, random: Random) => string)[] = [
  ({ graph }, random) => change(graph.nodes, random, (node) => forgeNode(node, graph, random)),
  ({ graph }, random) => change(graph.nodes, random, (node) => forgeNode(node, graph, random)),
  ({ graph }, random) => change(graph.initializers, random, (tensor) => forgeTensor(tensor, random)),
  ({ graph }, random) => change(graph.initializers, random, (tensor) => forgeTensor(tensor, random)),
  ({ graph }, random) => change(graph.inputs, random, (value) => forgeValue(value, random)),
  ({ graph }, random) => change(graph.outputs, random, (value) => forgeValue(value, random)),
  ({ graph }, random) => repeatOrRemove(graph.nodes, random, 'node'),
  ({ graph }, random) => repeatOrRemove(graph.initializers, random, 'constant'),
  ({ graph }, random) => repeatOrRemove(graph.inputs, random, 'input'),
  ({ graph }, random) => {
    const i = random.integer(graph.nodes.length);
    const j = random.integer(graph.nodes.length);
    [graph.nodes[i], graph.nodes[j]] = [graph.nodes[j], graph.nodes[i]];
    return `nodes ${i} and ${j} swapped`;
  },
  (model, random) => {
    model.opset = pick(NUMBERS.filter(Number.isSafeInteger), random);
    return `opset ${model.opset}`;
  },
  (model, random) => {
    const text = pick(DESCRIPTIONS, random);
    model.metadata.set('babylon-agents', text);
    return `description ${text.slice(0, 60)}`;
  },
];

function forgeNode(node: OnnxNode, { nodes }: Forged['graph'], random: Random): OnnxNode {
  const names = nodes.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]);
  const inputs = [...node.inputs];
  const chance = random.uniform();
  if (chance < 0.3) return { ...node, op: pick(OPERATORS, random) };
  if (chance < 0.6) {
    inputs[random.integer(inputs.length + 1)] = random.uniform() < 0.1 ? '' : pick(names, random);
    return { ...node, inputs: Array.from(inputs, (name) => name ?? '') };
  }
  if (chance < 0.7) return { ...node, inputs: inputs.slice(1) };
  const attribute = forgeAttribute(pick(ATTRIBUTES, random), random);
  return { ...node, attributes: new Map([...node.attributes, [attribute.name, attribute]]) };
}

const ATTRIBUTES = [
  'axis',
  'axes',
  'transA',
  'transB',
  'alpha',
  'beta',
  'min',
  'max',
  'starts',
  'ends',
  'keepdims',
  'value',
  'perm',
  'split',
  'to',
];

function forgeAttribute(name: string, random: Random): OnnxAttribute {
  const whole = () => pick(SIZES, random);
  const chance = random.uniform();
  if (chance < 0.4) return { name, int: whole() };
  if (chance < 0.7) return { name, float: Math.fround(pick([0, -1, 0.5, 1e30, Number.NaN, Infinity], random)) };
  return { name, ints: Array.from({ length: random.integer(4) }, whole) };
}

function forgeTensor(tensor: OnnxTensor, random: Random): OnnxTensor {
  const chance = random.uniform();
  if (chance < 0.3) return { ...tensor, dims: Array.from({ length: random.integer(4) }, () => pick(SIZES, random)) };
  if (chance < 0.4) return { ...tensor, dims: tensor.dims.toReversed() };
  if (chance < 0.5) return { ...tensor, type: random.integer(20) };
  if (chance < 0.6) return { ...tensor, pieces: tensor.pieces.map((piece) => piece.subarray(random.integer(8))) };
  const bytes = Uint8Array.from(tensor.pieces.flatMap((piece) => [...piece]));
  if (bytes.length < 4) return { ...tensor, pieces: [] };
  const at = 4 * random.integer(Math.floor(bytes.length / 4));
  new DataView(bytes.buffer).setFloat32(at, pick(NUMBERS, random), true);
  return { ...tensor, pieces: [bytes] };
}

function forgeValue(value: OnnxValue, random: Random): OnnxValue {
  const chance = random.uniform();
  if (chance < 0.2)
    return { ...value, name: pick(['obs_0', 'obs_7', 'recurrent_in', 'action_masks', 'x', ''], random) };
  const size = () => (random.uniform() < 0.2 ? 'batch' : pick(SIZES, random));
  if (chance < 0.5) return { ...value, dims: Array.from({ length: random.integer(5) }, size) };
  return { ...value, dims: ['batch', pick(SIZES, random)] };
}

function change<Part extends { readonly name: string }>(
  parts: Part[],
  random: Random,
  forge: (part: Part) => Part,
): string {
  if (parts.length === 0) return 'nothing';
  const i = random.integer(parts.length);
  const before = parts[i];
  parts[i] = forge(before);
  return `"${before.name}" forged`;
}

function repeatOrRemove<Part>(parts: Part[], random: Random, what: string): string {
  if (parts.length === 0) return 'nothing';
  const i = random.integer(parts.length);
  if (random.uniform() < 0.5) {
    parts.splice(i, 1);
    return `${what} ${i} removed`;
  }
  parts.splice(random.integer(parts.length), 0, parts[i]);
  return `${what} ${i} repeated`;
}

function pick<Entry>(list: readonly Entry[], random: Random): Entry {
  return list[random.integer(list.length)];
}
