import { TENSOR } from './actor-names.ts';
import type { OnnxModel, OnnxValue } from './model.ts';
import { isKnown } from './operators.ts';
import { Unsupported } from './unsupported.ts';
import { nodesBehind } from './walk-graph.ts';

/** What an ML-Agents model takes and gives. */
export interface ActorInterface {
  /** obs_0, obs_1, … in that order */
  readonly observations: readonly { readonly name: string; readonly size: number }[];
  /** M, entries of action_masks; 0 without that input */
  readonly masks: number;
  /** the outputs that hold actions, of those that there are */
  readonly actions: readonly string[];
}

const ACTIONS: readonly string[] = [
  TENSOR.continuous,
  TENSOR.certainContinuous,
  TENSOR.discrete,
  TENSOR.certainDiscrete,
];

/** What operators that no dense policy has are there for. */
const PURPOSES: readonly (readonly [RegExp, string, string])[] = [
  [/Conv|Pool|Resize|Upsample/, 'it sees images', 'Train the agent with vector observations'],
  [/^(LSTM|GRU|RNN)$/, 'it has a memory', 'Train the agent without a memory section'],
  [
    /^(Reduce|Einsum|LayerNorm|MatMulInteger)|Attention|^Transpose$/,
    'it attends to entities or to goals',
    'Train the agent without buffer sensors and goal signals',
  ],
  [/^(If|Loop|Scan)$/, 'it decides what to compute', 'Export it without control flow'],
];

/** Reads inputs and outputs of an ML-Agents actor, and refuses what is none, or another kind, with what was found. */
export function requireActor({ graph }: OnnxModel): ActorInterface {
  const constants = new Set(graph.initializers.map(({ name }) => name));
  const inputs = graph.inputs.filter(({ name }) => !constants.has(name)); // before IR 4, constants were inputs as well
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const old = inputs.find(({ name }) => /^(vector|visual)_observation/.test(name));
  if (old || outputs.has('is_continuous_control')) throw oldModel(old ? `input "${old.name}"` : 'its outputs');
  if (inputs.some(({ name }) => name === TENSOR.memories))
    throw new Unsupported(`has a memory (input "${TENSOR.memories}")`, 'Train the agent without a memory section');
  if (!outputs.has(TENSOR.version) && !outputs.has(TENSOR.memorySize))
    throw new Unsupported(
      `is no ML-Agents model: it has no output "${TENSOR.version}"`,
      'Import the .onnx file that mlagents-learn wrote',
    );
  const actions = ACTIONS.filter((name) => outputs.has(name));
  if (actions.length === 0)
    throw new Unsupported(
      `gives no actions: its outputs are ${[...outputs].join(', ')}`,
      'Import the .onnx file that mlagents-learn wrote',
    );
  const observations = readObservations(inputs);
  requireKnownOperators(graph, actions);
  return { observations, masks: readMasks(inputs), actions };
}

/** The refusal of ML-Agents' older format. */
export function oldModel(found: string): Unsupported {
  return new Unsupported(
    `is an ML-Agents model of version 2 (${found}), and version 3 is read`,
    'Train or export it again with release 18 or newer',
  );
}

function readObservations(inputs: readonly OnnxValue[]): ActorInterface['observations'] {
  const other = inputs.find(({ name }) => name !== TENSOR.masks && !/^obs_\d{1,4}$/.test(name));
  if (other) throw new Unsupported(`has input "${other.name}"`, `Only obs_0, obs_1, … and "${TENSOR.masks}" are known`);
  const observations = inputs.filter(({ name }) => name !== TENSOR.masks);
  if (observations.length === 0) throw new Unsupported('observes nothing', 'Give the agent a vector observation');
  return observations
    .toSorted((a, b) => Number(a.name.slice(4)) - Number(b.name.slice(4)))
    .map(({ name, dims }) => ({ name, size: requireWidth(name, dims) }));
}

/** d of [batch, d] */
function requireWidth(name: string, dims: OnnxValue['dims']): number {
  const shape = `[${dims.map((size) => size ?? '?').join(', ')}]`;
  if (dims.length === 4)
    throw new Unsupported(`sees images ("${name}" ${shape})`, 'Train the agent with vector observations');
  if (dims.length === 3)
    throw new Unsupported(`observes entities ("${name}" ${shape})`, 'Train the agent without buffer sensors');
  const size = dims[1];
  if (dims.length !== 2 || typeof size !== 'number' || !Number.isSafeInteger(size) || size < 1)
    throw new Unsupported(`has "${name}" of shape ${shape}`, 'Its width must be a number: export it again');
  return size;
}

function readMasks(inputs: readonly OnnxValue[]): number {
  const masks = inputs.find(({ name }) => name === TENSOR.masks);
  return masks ? requireWidth(masks.name, masks.dims) : 0;
}

function requireKnownOperators(graph: OnnxModel['graph'], outputs: readonly string[]): void {
  const unknown = new Set(
    nodesBehind(graph, outputs)
      .filter((node) => !isKnown(node))
      .map(({ op, domain }) => (domain ? `${domain}.${op}` : op)),
  );
  if (unknown.size === 0) return;
  const names = [...unknown].slice(0, 8).join(', ');
  const purpose = PURPOSES.find(([pattern]) => [...unknown].some((op) => pattern.test(op)));
  if (purpose) throw new Unsupported(`computes with ${names}: ${purpose[1]}`, purpose[2]);
  throw new Unsupported(
    `computes with ${names}, which no dense policy needs`,
    'Train the agent with vector observations and ML-Agents’ PPO',
  );
}
