import { AgentsError } from '../core/errors.ts';
import { type AgentLayout, describeLayout, measureLayout } from '../core/layout.ts';
import { findParameterFault, parameterLayout } from '../policy/network.ts';
import { Policy, type PolicySpec } from '../policy/policy.ts';
import type { TrainingRecord } from '../policy/policy-file.ts';
import { findSpecFault } from '../policy/policy-spec.ts';
import { type ActorInterface, oldModel, requireActor } from './actor.ts';
import { MODEL_VERSION, TENSOR } from './actor-names.ts';
import { Budget } from './budget.ts';
import { DESCRIPTION_ENTRY, type Description, readDescription } from './description.ts';
import type { OnnxModel } from './model.ts';
import { type GraphUnderTest, proveEqual } from './prove.ts';
import { type ActorHeads, readHeads } from './read-heads.ts';
import { readModel } from './read-model.ts';
import { readNetwork } from './read-network.ts';
import { rowsOf } from './rows.ts';
import { observationInputs } from './sensor-order.ts';
import { createTensor, decodeTensor, type Tensor } from './tensor.ts';
import { type Known, traceGraph } from './trace.ts';
import { Unsupported } from './unsupported.ts';
import { nodesBehind, type Values } from './walk-graph.ts';

/** What an .onnx file does not say. Files that exportOnnx() wrote say it; what is given here counts more. */
export interface ImportOnnxOptions {
  /** which agents the policy drives: those with `policy: name`; 'agent' when nothing says */
  readonly name?: string;
  /** sensors and actuators of those agents; obs_0, obs_1, … one after another are its observation. By default a sensor for each input and one actuator, "actions" */
  readonly layout?: AgentLayout;
  /** seconds of one physics step; 0.02 (Unity's) when nothing says */
  readonly timeStep?: number;
  /** physics steps that an action is held; 5 (DecisionRequester's) when nothing says */
  readonly decisionPeriod?: number;
  /** names the file in errors */
  readonly who?: string;
}

/** A policy, and what training reached, where the file says so. */
export interface ImportedPolicy {
  readonly policy: Policy;
  readonly trained: TrainingRecord | undefined;
}

/**
 * Reads an ML-Agents actor (model version 3, vector observations) as a policy for play. What the graph computes is traced,
 * whatever its names, and then proved: the file's own graph and the policy must agree on random observations. Convolutions,
 * memories, attention, the older version 2 and all else is refused with what was found.
 */
export function importOnnx(file: Uint8Array, options: ImportOnnxOptions = {}): Policy {
  return readOnnx(file, options).policy;
}

/** importOnnx(), with what training reached. */
export function readOnnx(file: Uint8Array, options: ImportOnnxOptions = {}): ImportedPolicy {
  const { who = 'The ONNX file' } = options;
  const model = readModel(file, who);
  try {
    return importModel(model, file.length, options);
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    throw new AgentsError(`${who} ${error.message}. ${error.advice}.`, { cause: error });
  }
}

function importModel(model: OnnxModel, size: number, options: ImportOnnxOptions): ImportedPolicy {
  const actor = requireActor(model);
  const description = readDescription(model.metadata.get(DESCRIPTION_ENTRY) ?? '');
  const observations = placeObservations(actor, description);
  const budget = new Budget(size);
  const constants = decodeConstants(model, actor, budget);
  const values = traceActor(model, actor, observations, constants, budget);
  const heads = readHeads(values, actor);
  const layout = options.layout ?? description?.layout ?? defaultLayout(actor, heads);
  requireFit(layout, actor, heads);
  const sizes = measureLayout(layout);
  const { network, normaliserClip, parameters } = readNetwork(heads, sizes);
  const { name = description?.name ?? 'agent' } = options;
  const { timeStep = description?.timeStep ?? 0.02, decisionPeriod = description?.decisionPeriod ?? 5 } = options;
  const spec: PolicySpec = { name, layout, network, normaliserClip, bounds: 'clip', timeStep, decisionPeriod };
  requireSound(spec, parameters);
  const policy = new Policy(spec, parameters);
  const masked = actor.masks > 0;
  proveEqual({ model, constants, observations, masked, actions: actor.actions, scores: heads.scores }, policy, budget);
  return { policy, trained: description?.trained };
}

/** Where the floats of each input stand in the policy's observation: one after another, or as our own file says. */
function placeObservations(
  { observations }: ActorInterface,
  description: Description | undefined,
): GraphUnderTest['observations'] {
  let offset = 0;
  const inOrder = observations.map(({ name, size }) => {
    offset += size;
    return { name, size, offset: offset - size };
  });
  if (!description) return inOrder;
  const placed = observationInputs(description.layout.sensors, description.observations, 'The policy in it');
  if (placed.some(({ name, size }, i) => name !== inOrder[i]?.name || size !== inOrder[i]?.size))
    throw new Unsupported('has other inputs than its metadata says', 'It is damaged: export it again');
  return placed;
}

/** The constants that the outputs depend on, by name. */
function decodeConstants({ graph }: OnnxModel, { actions }: ActorInterface, budget: Budget): Map<string, Tensor> {
  const outputs = tracedOutputs(graph.outputs, actions);
  const used = new Set([...outputs, ...nodesBehind(graph, outputs).flatMap(({ inputs }) => inputs)]);
  const constants = new Map<string, Tensor>();
  for (const tensor of graph.initializers) {
    if (!used.has(tensor.name)) continue;
    if (constants.has(tensor.name))
      throw new Unsupported(`holds "${tensor.name}" twice`, 'It is damaged: export it again');
    constants.set(tensor.name, decodeTensor(tensor, budget));
  }
  return constants;
}

function tracedOutputs(outputs: OnnxModel['graph']['outputs'], actions: readonly string[]): string[] {
  const said: readonly string[] = [TENSOR.version, TENSOR.memorySize];
  return [...actions, ...outputs.map(({ name }) => name).filter((name) => said.includes(name))];
}

function traceActor(
  { graph, opset }: OnnxModel,
  { actions, masks }: ActorInterface,
  observations: GraphUnderTest['observations'],
  constants: ReadonlyMap<string, Tensor>,
  budget: Budget,
): Values<Known> {
  const values: Values<Known> = new Map();
  for (const [name, tensor] of constants) values.set(name, { kind: 'constant', tensor });
  const source = { kind: 'observation' } as const;
  for (const { name, offset, size } of observations) values.set(name, rowsOf(source, offset, offset + size, budget));
  if (masks > 0) {
    const tensor = createTensor([1, masks], budget);
    tensor.data.fill(1);
    values.set(TENSOR.masks, { kind: 'constant', tensor });
  }
  const outputs = tracedOutputs(graph.outputs, actions);
  const fixed = outputs.filter((name) => !actions.includes(name));
  const said: Values<Known> = new Map(values);
  traceGraph(graph, fixed, said, opset, budget);
  requireVersion(said);
  traceGraph(graph, actions, values, opset, budget);
  return values;
}

function requireVersion(values: Values<Known>): void {
  const read = (name: string, otherwise: number) => {
    const value = values.get(name);
    return value?.kind === 'constant' && value.tensor.data.length === 1 ? value.tensor.data[0] : otherwise;
  };
  const version = read(TENSOR.version, Number.NaN);
  const memory = read(TENSOR.memorySize, 0);
  if (version < MODEL_VERSION) throw oldModel(`${TENSOR.version} is ${version}`);
  if (version !== MODEL_VERSION)
    throw new Unsupported(`has ${TENSOR.version} ${version}, and 3 is read`, 'Export it with ML-Agents 2 to 4');
  if (memory !== 0)
    throw new Unsupported(`has a memory of ${memory} floats`, 'Train the agent without a memory section');
}

function defaultLayout({ observations }: ActorInterface, { continuous, branches }: ActorHeads): AgentLayout {
  return {
    sensors: observations.map(({ name, size }) => ({ name, size })),
    actuators: [{ name: 'actions', continuous: continuous.columns.length, branches }],
  };
}

/** Compares the sums of a layout, which a file may claim to be anything, before it is measured. */
function requireFit(
  layout: AgentLayout,
  { observations, masks }: ActorInterface,
  { continuous, branches, logits }: ActorHeads,
): void {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const observed = sum(observations.map(({ size }) => size));
  const choices = logits.columns.length;
  if (masks > 0 && masks !== choices)
    throw new Unsupported(`has ${masks} masks for ${choices} choices`, 'It is damaged: export it again');
  const fits =
    sum(layout.sensors.map(({ size }) => size)) === observed &&
    sum(layout.actuators.map((actuator) => actuator.continuous)) === continuous.columns.length &&
    String(layout.actuators.flatMap((actuator) => actuator.branches)) === String(branches);
  if (fits) return;
  const found = `observes ${observed} floats and acts with ${continuous.columns.length} continuous actions and branches [${branches}]`;
  throw new Unsupported(
    `${found}, but the layout ${describeLayout(layout)}`,
    'Give the layout of an agent that has the same sensors and actuators as the one that was trained',
  );
}

/** Holds a policy to what its own file must hold. */
function requireSound(spec: PolicySpec, parameters: Float32Array): void {
  const fault = findSpecFault(spec, parameters.length);
  if (fault) throw new Unsupported(`becomes no policy: ${fault}`, 'Give another layout, time step or decision period');
  const layout = parameterLayout(measureLayout(spec.layout), spec.network);
  const wrong = findParameterFault(layout, spec.normaliserClip, parameters);
  if (wrong) throw new Unsupported(wrong, 'Train it again');
}
