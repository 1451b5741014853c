import type { OnnxGraph, OnnxNode, OnnxValue } from './model.ts';
import { isKnown } from './operators.ts';
import { Unsupported } from './unsupported.ts';
import { nodesBehind } from './walk-graph.ts';

const MOST_NAMES = 8;

/** The purpose of operators that no dense policy has, and what to do. */
const PURPOSES: readonly (readonly [RegExp, string, string])[] = [
  [/^(LSTM|GRU|RNN)$/, 'it has a memory, which is not supported yet', 'Train the agent without a memory'],
  [
    /Conv|Pool|Resize|Upsample/,
    'it sees images or grids, which are not supported yet',
    'Train the agent with vector observations',
  ],
  [
    /^(Layer|Instance|Group|RMS|Lp|SimplifiedLayer)Norm|MeanVariance/,
    'it has layer normalization, which is not supported yet',
    'Train it without layer normalization',
  ],
  [
    /^(Reduce|Einsum|TopK|ScatterND|Gather(ND|Elements))|Attention/,
    'it has attention, goals or layer normalization, which are not supported yet',
    'Train the agent with observations of fixed size and plain dense layers',
  ],
  [/Quantize|Integer|^QLinear/, 'it is quantized, which is not supported', 'Export it with float32 weights'],
  [/^(If|Loop|Scan)$/, 'it has control flow, which is not supported', 'Export it without control flow'],
  [
    /^(Gelu|QuickGelu|Mish|Selu|Soft(plus|sign)|HardSwish|Shrink|ThresholdedRelu|Erf|Sin|Cos)$/,
    'supported activations are tanh, relu, swish (SiLU), sigmoid, LeakyRelu and elu',
    'Train it with one of these',
  ],
  [/^Random|Bernoulli/, 'it samples its actions', 'Export its deterministic actions (deterministic=True)'],
];

/** Rejects operators that the interpreter does not know, with their probable purpose. */
export function requireKnownOperators(graph: OnnxGraph, outputs: readonly string[]): void {
  const unknown = unique(
    nodesBehind(graph, outputs)
      .filter((node) => !isKnown(node))
      .map(nameOf),
  );
  if (unknown.length === 0) return;
  const names = listed(unknown);
  const purpose = PURPOSES.find(([pattern]) => unknown.some((op) => pattern.test(op)));
  if (purpose) throw new Unsupported(`uses ${names}: ${purpose[1]}. It has ${describeGraph(graph)}`, purpose[2]);
  throw new Unsupported(
    `uses ${names}, which is not supported. It has ${describeGraph(graph)}`,
    'Only chains of dense layers, activations and arithmetic with constants can be imported',
  );
}

/** `inputs obs [1, 48]; outputs actions [1, 12]; operators Gemm, Elu` */
export function describeGraph(graph: OnnxGraph): string {
  const operators = unique(graph.nodes.map(nameOf));
  return `inputs ${describeValues(inputsOf(graph))}; outputs ${describeValues(graph.outputs)}; operators ${listed(operators)}`;
}

/** `"obs" [batch, 48]` */
export function describeValue({ name, dims }: OnnxValue): string {
  return `"${name}" [${dims.map((size) => size ?? '?').join(', ')}]`;
}

/** `"output" [1, 3], "value" [1, 1]` */
export function describeValues(values: readonly OnnxValue[]): string {
  return listed(values.map(describeValue));
}

/** A graph's inputs except constants, which also were inputs before IR version 4. */
export function inputsOf({ inputs, initializers }: OnnxGraph): readonly OnnxValue[] {
  const constants = new Set(initializers.map(({ name }) => name));
  return inputs.filter(({ name }) => !constants.has(name));
}

function nameOf({ op, domain }: OnnxNode): string {
  return domain && domain !== 'ai.onnx' ? `${domain}.${op}` : op;
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const rest = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
