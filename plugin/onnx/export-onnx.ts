import { AgentsError } from '../core/errors.ts';
import { requireSlice } from '../policy/network.ts';
import type { Policy } from '../policy/policy.ts';
import type { TrainingRecord } from '../policy/policy-file.ts';
import { addActions } from './actor-graph.ts';
import { TENSOR } from './actor-names.ts';
import { DESCRIPTION_ENTRY, type GridShapes, type ObservationInputs, writeDescription } from './description.ts';
import { createValue, GraphBuilder } from './graph-builder.ts';
import { ELEMENT, type OnnxValue } from './model.ts';
import { type ObservationInput, observationInputs } from './sensor-order.ts';
import { writeModel } from './write-model.ts';

/** Options of exportOnnx(). */
export interface ExportOnnxOptions {
  /** 'per-sensor': obs_0, obs_1, … are the sensors, sorted by name; 'joined': obs_0 is the whole observation, for a Unity agent that collects all of it in CollectObservations */
  readonly observations?: ObservationInputs;
  /** rows and columns of sensors to export as grids [tags, rows, columns], as Unity's GridSensorComponent binds them; only with 'per-sensor' */
  readonly grids?: GridShapes;
  /** ONNX operator set, 9 to 21; ML-Agents itself writes 9 */
  readonly opset?: number;
  /** training results to store with the policy */
  readonly trained?: TrainingRecord;
}

/** The version of the ONNX release with opset 9; nothing newer is used. */
const IR_VERSION = 4;

/**
 * Writes a policy as an ML-Agents actor (model version 3), which Unity and any ONNX runtime can play. It includes the
 * normalizer and has a free batch dimension. Layout, time step and decision period are in the metadata.
 */
export function exportOnnx(
  policy: Policy,
  { observations = 'per-sensor', grids, opset = 9, trained }: ExportOnnxOptions = {},
): Uint8Array<ArrayBuffer> {
  const { spec, sizes } = policy;
  const who = `Policy "${spec.name}"`;
  if (!(Number.isInteger(opset) && opset >= 9 && opset <= 21))
    throw new AgentsError(`Opset ${opset} is not supported. Use 9 to 21.`);
  requireExportable(policy, who);
  const inputs = observationInputs(spec.layout.sensors, observations, who, grids);
  const graph = new GraphBuilder();
  addActions(graph, policy, inputs, opset);
  const { name, layout, timeStep, decisionPeriod } = spec;
  const bounds = spec.bounds === 'none' ? spec.bounds : undefined;
  const description = { name, layout, observations, grids, bounds, timeStep, decisionPeriod, trained };
  return writeModel({
    irVersion: IR_VERSION,
    opset,
    producer: 'babylon-agents',
    graph: {
      name: spec.name,
      nodes: graph.nodes,
      initializers: graph.initializers,
      inputs: describeInputs(inputs, sizes.mask),
      outputs: describeOutputs(sizes),
    },
    metadata: new Map([[DESCRIPTION_ENTRY, writeDescription(description)]]),
  });
}

/** Rejects what Unity would reject. */
function requireExportable({ spec, sizes, weights, weightLayout }: Policy, who: string): void {
  const empty = spec.layout.sensors.find(({ size }) => size === 0);
  const { offset, size } = requireSlice(weightLayout, 'normalizer.deviation');
  const refuse = (why: string) => {
    throw new AgentsError(`${who} ${why}.`);
  };
  if (sizes.observation === 0)
    refuse('observes nothing, but Unity requires an observation. Add a sensor to its agents');
  if (empty) refuse(`has sensor "${empty.name}" without floats, which Unity rejects. Remove it from the agent`);
  if (sizes.action === 0) refuse('has no actions, but Unity requires some. Add an actuator to its agents');
  if (sizes.branches.includes(0))
    refuse('has a branch without choices, which Unity rejects. Remove it from the actuator');
  if (!weights.every(Number.isFinite)) refuse('has non-finite numbers. Train it again');
  if (!weights.subarray(offset, offset + size).every((deviation) => deviation > 0))
    refuse('divides an observation by a deviation ≤ 0. Train it again');
}

function describeInputs(inputs: readonly ObservationInput[], masks: number): OnnxValue[] {
  const values = inputs.map(({ name, dims }) => createValue(name, ['batch', ...dims]));
  return masks > 0 ? [...values, createValue(TENSOR.masks, ['batch', masks])] : values;
}

function describeOutputs({ continuous, branches }: Policy['sizes']): OnnxValue[] {
  const values = [createValue(TENSOR.version, [1]), createValue(TENSOR.memorySize, [1])];
  if (continuous > 0) {
    values.push(createValue(TENSOR.continuous, ['batch', continuous]));
    values.push(createValue(TENSOR.continuousShape, [1]));
    values.push(createValue(TENSOR.certainContinuous, ['batch', continuous]));
  }
  if (branches.length > 0) {
    values.push(createValue(TENSOR.discrete, ['batch', branches.length], ELEMENT.int64));
    values.push(createValue(TENSOR.discreteShape, [1, branches.length]));
    values.push(createValue(TENSOR.certainDiscrete, ['batch', branches.length], ELEMENT.int64));
  }
  return values;
}
