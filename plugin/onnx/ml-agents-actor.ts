import { type ActorInput, type ActorInterface, type ActorOutput, readInput } from './actor.ts';
import { TENSOR } from './actor-names.ts';
import { describeGraph, describeValue, inputsOf, requireKnownOperators } from './describe-graph.ts';
import type { OnnxGraph, OnnxValue } from './model.ts';
import { Unsupported } from './unsupported.ts';

const OUTPUTS: readonly ActorOutput[] = [
  { name: TENSOR.continuous, kind: 'drawn' },
  { name: TENSOR.certainContinuous, kind: 'certain' },
  { name: TENSOR.discrete, kind: 'choices' },
  { name: TENSOR.certainDiscrete, kind: 'choices' },
];
/** version 2, if it is the only output */
const ONLY: ActorOutput = { name: TENSOR.action, kind: 'any' };

/** Whether a graph is from ML-Agents, of any version. */
export function isMlAgents(graph: OnnxGraph): boolean {
  const said: readonly string[] = [TENSOR.version, TENSOR.memorySize, 'is_continuous_control'];
  return (
    graph.outputs.some(({ name }) => said.includes(name)) ||
    inputsOf(graph).some(({ name }) => /^(vector|visual)_observation/.test(name))
  );
}

/** Reads the inputs and outputs of an ML-Agents actor; rejects other kinds of actors and says what was found. */
export function requireMlAgents(graph: OnnxGraph): ActorInterface {
  const inputs = inputsOf(graph);
  const has = new Set(graph.outputs.map(({ name }) => name));
  refuseKinds(graph, inputs);
  const found = OUTPUTS.filter(({ name }) => has.has(name));
  const outputs = found.length > 0 ? found : [ONLY].filter(({ name }) => has.has(name));
  if (outputs.length === 0)
    throw new Unsupported(
      `has no actions. It has ${describeGraph(graph)}`,
      'Import the .onnx file that mlagents-learn wrote',
    );
  const observations = readObservations(inputs);
  requireKnownOperators(
    graph,
    outputs.map(({ name }) => name),
  );
  const masks = inputs.find(({ name }) => name === TENSOR.masks);
  const epsilon = inputs.find(({ name }) => name === TENSOR.epsilon);
  return {
    observations,
    masks: masks ? requireInput(masks).size : 0,
    noise: epsilon && requireInput(epsilon),
    outputs,
    said: [TENSOR.version, TENSOR.memorySize].filter((name) => has.has(name)),
  };
}

function refuseKinds({ nodes }: OnnxGraph, inputs: readonly OnnxValue[]): void {
  const memories = inputs.find(({ name }) => name === TENSOR.memories);
  if (memories)
    throw new Unsupported(
      `has a memory (input "${TENSOR.memories}"), which is not supported yet`,
      'Train the agent without a memory section',
    );
  const seen = inputs.filter(({ name }) => /^(obs_|visual_observation)/.test(name));
  const convolves = nodes.some(({ op }) => op.includes('Conv'));
  const images = seen.find(({ name, dims }) => dims.length === 4 || name.startsWith('visual'));
  if (images && (convolves || images.name.startsWith('visual')))
    throw new Unsupported(
      `sees images or a grid (${describeValue(images)}), which are not supported yet`,
      'Train the agent with vector observations',
    );
  const entities = seen.find(({ dims }) => dims.length === 3);
  if (entities)
    throw new Unsupported(
      `observes entities (${describeValue(entities)}), which are not supported yet`,
      'Train the agent without buffer sensors',
    );
}

function readObservations(inputs: readonly OnnxValue[]): readonly ActorInput[] {
  const isObservation = ({ name }: OnnxValue) => name === TENSOR.vector || /^obs_\d{1,4}$/.test(name);
  const known: readonly string[] = [TENSOR.masks, TENSOR.epsilon, 'batch_size', 'sequence_length', 'prev_action'];
  const other = inputs.find((input) => !isObservation(input) && !known.includes(input.name));
  if (other)
    throw new Unsupported(
      `has unknown input ${describeValue(other)}`,
      `Known inputs: obs_0, obs_1, …, "${TENSOR.vector}" and "${TENSOR.masks}"`,
    );
  const observations = inputs.filter(isObservation);
  if (observations.length === 0) throw new Unsupported('observes nothing', 'Add a vector observation to the agent');
  const order = ({ name }: OnnxValue) => Number(name.slice(4)) || 0;
  return observations.toSorted((a, b) => order(a) - order(b)).map(requireInput);
}

/** An input [batch, d], or [d] */
function requireInput(value: OnnxValue): ActorInput {
  const input = readInput(value);
  if (!input)
    throw new Unsupported(`has input ${describeValue(value)} of unknown width`, 'Export it with a fixed width');
  if (input.size === 0)
    throw new Unsupported(
      `has input ${describeValue(value)} of 0 floats`,
      'Add a vector observation to the agent and train it again',
    );
  return input;
}
