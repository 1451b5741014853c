import { AgentsError } from '../core/errors.ts';
import { type AgentLayout, describeLayout, measureLayout } from '../core/layout.ts';
import { findWeightFault, weightLayout } from '../policy/network.ts';
import { Policy, type PolicySpec } from '../policy/policy.ts';
import type { TrainingRecord } from '../policy/policy-file.ts';
import { findSpecFault } from '../policy/policy-spec.ts';
import { type ActorInput, type ActorInterface, requireActor } from './actor.ts';
import { MODEL_VERSION, OLDEST_VERSION, TENSOR } from './actor-names.ts';
import { Budget } from './budget.ts';
import { requireNoContradiction } from './contradictions.ts';
import { DESCRIPTION_ENTRY, type Description, readDescription } from './description.ts';
import type { OnnxModel } from './model.ts';
import { type GraphUnderTest, proveEqual } from './prove.ts';
import { type ActionBounds, BOUNDS } from './read-bounds.ts';
import { type ActorHeads, readHeads } from './read-heads.ts';
import { readModel } from './read-model.ts';
import { readNetwork } from './read-network.ts';
import { constantRows, rowsOf } from './rows.ts';
import { observationInputs } from './sensor-order.ts';
import { specialValues } from './special-values.ts';
import { createTensor, decodeTensor, type NumberTensor } from './tensor.ts';
import { type Known, traceGraph } from './trace.ts';
import { Unsupported } from './unsupported.ts';
import { nodesBehind, type Values } from './walk-graph.ts';

/** What an .onnx file does not say. Files from exportOnnx() say it; options override them. */
export interface ImportOnnxOptions {
  /** bounds of continuous actions if the graph outputs plain numbers: 'clip' clips them to [−1, 1], 'tanh' squashes them, 'none' leaves them as they are. ML-Agents' files say it */
  readonly bounds?: ActionBounds;
  /** the number of choices of each branch, if the graph outputs scores of choices; with `bounds` as well, continuous actions come first */
  readonly branches?: readonly number[];
  /** number of continuous actions, if other numbers follow that play does not need, such as deviations */
  readonly continuous?: number;
  /** the output that holds actions, if there are several */
  readonly output?: string;
  /** which agents the policy drives: those with `policy: name`; 'agent' by default */
  readonly name?: string;
  /** sensors and actuators of those agents; their observation is the inputs in order. By default one sensor per input and one actuator, "actions" */
  readonly layout?: AgentLayout;
  /** seconds per physics step; 0.02 (Unity's) by default */
  readonly timeStep?: number;
  /** physics steps per decision; 5 (DecisionRequester's) by default */
  readonly decisionPeriod?: number;
  /** names the file in messages */
  readonly who?: string;
}

/** A policy, and its training results if the file has them. */
export interface ImportedPolicy {
  readonly policy: Policy;
  readonly trained: TrainingRecord | undefined;
}

/**
 * Reads a policy from ML-Agents (model versions 2 and 3), Stable-Baselines3, Godot RL Agents, rsl_rl, Brax and others, for
 * play: any chain of dense layers from floats to actions. The graph is traced, whatever its names are, and the result is
 * verified: the file's own graph and the policy must agree on random observations. Convolutions, memory, attention and
 * anything else are rejected with what was found.
 */
export function importOnnx(file: Uint8Array, options: ImportOnnxOptions = {}): Policy {
  return readOnnx(file, options).policy;
}

/** importOnnx() plus training results. */
export function readOnnx(file: Uint8Array, options: ImportOnnxOptions = {}): ImportedPolicy {
  const { who = 'The ONNX file' } = options;
  requireOptions(options, who);
  const model = readModel(file, who);
  try {
    return importModel(model, file.length, options);
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    throw new AgentsError(`${who} ${error.message}. ${error.advice}.`, { cause: error });
  }
}

/** Checks options from callers without type checking. */
function requireOptions({ bounds, branches, continuous, output }: ImportOnnxOptions, who: string): void {
  const whole = (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0;
  const refuse = (option: string, value: unknown, must: string) => {
    throw new AgentsError(`${who} was imported with ${option} ${JSON.stringify(value)}. It must be ${must}.`);
  };
  if (bounds !== undefined && !BOUNDS.includes(bounds)) refuse('bounds', bounds, BOUNDS.join(' or '));
  if (branches !== undefined && !(Array.isArray(branches) && branches.length > 0 && branches.every(whole)))
    refuse('branches', branches, 'a list with the number of choices per branch, such as [3, 2]');
  if (continuous !== undefined && !whole(continuous)) refuse('continuous', continuous, 'an integer above 0');
  if (output !== undefined && typeof output !== 'string') refuse('output', output, 'the name of an output');
}

function importModel(model: OnnxModel, size: number, options: ImportOnnxOptions): ImportedPolicy {
  const actor = requireActor(model, options);
  const description = readDescription(model.metadata.get(DESCRIPTION_ENTRY) ?? '');
  const budget = new Budget(size);
  const observations = placeObservations(actor, description, budget);
  const constants = decodeConstants(model, actor, budget);
  const values = traceActor(model, actor, observations, constants, budget);
  const heads = readHeads(
    values,
    actor,
    { ...(description?.bounds && { bounds: description.bounds }), ...options },
    budget,
  );
  requireNoContradiction(options, actor, heads);
  const layout = options.layout ?? description?.layout ?? defaultLayout(actor, heads);
  requireFit(layout, actor, heads);
  const sizes = measureLayout(layout);
  const { network, observationClip, weights } = readNetwork(heads, sizes);
  const { name = description?.name ?? 'agent' } = options;
  const { timeStep = description?.timeStep ?? 0.02, decisionPeriod = description?.decisionPeriod ?? 5 } = options;
  const spec: PolicySpec = { name, layout, network, observationClip, bounds: heads.bounds, timeStep, decisionPeriod };
  requireSound(spec, weights);
  const policy = new Policy(spec, weights);
  const { outputs, scores } = heads;
  const { noise } = actor;
  const special = specialValues(values.values());
  const masked = actor.masks > 0;
  proveEqual({ model, constants, observations, masked, noise, outputs, scores, special }, policy, budget);
  return { policy, trained: description?.trained };
}

/** The position of each input's floats in the policy's observation: in order, or as our own file says. */
function placeObservations(
  { observations }: ActorInterface,
  description: Description | undefined,
  budget: Budget,
): GraphUnderTest['observations'] {
  if (!description) {
    let offset = 0;
    return observations.map((input) => {
      budget.spend(4 * input.size); // before allocating: a file can claim any number
      const first = offset;
      offset += input.size;
      return { ...input, entries: new Int32Array(input.size).map((_, i) => first + i) };
    });
  }
  const { layout, grids } = description;
  budget.spend(8 * layout.sensors.reduce((sum, { size }) => sum + size, 0));
  const placed = observationInputs(layout.sensors, description.observations, 'The policy in it', grids);
  const fits = ({ name, dims }: ActorInput, i: number) =>
    name === placed[i].name && String(dims.slice(-placed[i].dims.length)) === String(placed[i].dims);
  if (placed.length !== observations.length || !observations.every(fits))
    throw new Unsupported('has different inputs than its metadata says', 'It is damaged. Export it again');
  return observations.map((input, i) => ({ ...input, entries: placed[i].entries }));
}

/** The constants that the outputs depend on, by name. */
function decodeConstants(
  { graph }: OnnxModel,
  { outputs, said }: ActorInterface,
  budget: Budget,
): Map<string, NumberTensor> {
  const names = [...outputs.map(({ name }) => name), ...said];
  const used = new Set([...names, ...nodesBehind(graph, names).flatMap(({ inputs }) => inputs)]);
  const constants = new Map<string, NumberTensor>();
  for (const tensor of graph.initializers) {
    if (!used.has(tensor.name)) continue;
    if (constants.has(tensor.name))
      throw new Unsupported(`has "${tensor.name}" twice`, 'It is damaged. Export it again');
    constants.set(tensor.name, decodeTensor(tensor, budget));
  }
  return constants;
}

function traceActor(
  { graph, opset }: OnnxModel,
  { outputs, said, masks, noise }: ActorInterface,
  observations: GraphUnderTest['observations'],
  constants: ReadonlyMap<string, NumberTensor>,
  budget: Budget,
): Values<Known> {
  const values: Values<Known> = new Map();
  for (const [name, tensor] of constants) values.set(name, { kind: 'constant', tensor });
  const source = { kind: 'observation' } as const;
  for (const { name, entries, dims } of observations)
    values.set(name, { ...rowsOf(source, dims, budget), index: entries });
  if (noise) values.set(noise.name, constantRows(noise.dims, 0, 1, budget));
  if (masks > 0) {
    const tensor = createTensor([1, masks], budget);
    tensor.data.fill(1);
    values.set(TENSOR.masks, { kind: 'constant', tensor });
  }
  const about: Values<Known> = new Map(values);
  traceGraph(graph, said, about, opset, budget);
  requireVersion(about);
  traceGraph(
    graph,
    outputs.map(({ name }) => name),
    values,
    opset,
    budget,
  );
  return values;
}

function requireVersion(values: Values<Known>): void {
  const read = (name: string, otherwise: number) => {
    const value = values.get(name);
    return value?.kind === 'constant' && value.tensor.data.length === 1 ? value.tensor.data[0] : otherwise;
  };
  const version = read(TENSOR.version, MODEL_VERSION);
  const memory = read(TENSOR.memorySize, 0);
  if (!(version >= OLDEST_VERSION && version <= MODEL_VERSION))
    throw new Unsupported(
      `has ${TENSOR.version} ${version}, but only ${OLDEST_VERSION} and ${MODEL_VERSION} are supported`,
      'Train or export it with ML-Agents release 1 to 23',
    );
  if (memory !== 0)
    throw new Unsupported(
      `has a memory of ${memory} floats, which is not supported yet`,
      'Train the agent without a memory section',
    );
}

function defaultLayout({ observations }: ActorInterface, { spread, branches }: ActorHeads): AgentLayout {
  return {
    sensors: observations.map(({ name, size }) => ({ name, size })),
    actuators: [{ name: 'actions', continuous: spread.length, branches }],
  };
}

/** Compares the sums of a layout before measuring it: a file may claim anything. */
function requireFit(
  layout: AgentLayout,
  { observations, masks }: ActorInterface,
  { spread, branches }: ActorHeads,
): void {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const observed = sum(observations.map(({ size }) => size));
  const choices = sum(branches);
  if (masks > 0 && masks !== choices)
    throw new Unsupported(`has ${masks} masks for ${choices} choices`, 'It is damaged. Export it again');
  const fits =
    sum(layout.sensors.map(({ size }) => size)) === observed &&
    sum(layout.actuators.map((actuator) => actuator.continuous)) === spread.length &&
    String(layout.actuators.flatMap((actuator) => actuator.branches)) === String(branches);
  if (fits) return;
  const found = `observes ${observed} floats and acts with ${spread.length} continuous actions and branches [${branches}]`;
  throw new Unsupported(
    `${found}, but the layout ${describeLayout(layout)}`,
    'Pass the layout of an agent with the same sensors and actuators as the trained one',
  );
}

/** Checks a policy by the rules of our own policy files. */
function requireSound(spec: PolicySpec, weights: Float32Array): void {
  if (spec.name.trim() === '')
    throw new Unsupported(`cannot have the name "${spec.name}"`, 'Pass the name that agents use as their policy');
  const fault = findSpecFault(spec, weights.length);
  if (fault)
    throw new Unsupported(`cannot become a policy: ${fault}`, 'Pass another layout, time step or decision period');
  const layout = weightLayout(measureLayout(spec.layout), spec.network);
  const wrong = findWeightFault(layout, spec.observationClip, weights);
  if (wrong) throw new Unsupported(wrong, 'Train it again');
}
