import * as v from 'valibot';
import { AgentsError, messageOf } from '../core/errors.ts';
import { measureLayout } from '../core/layout.ts';
import { type NetworkSpec, parameterLayout } from './network.ts';
import { Policy, type PolicySpec } from './policy.ts';
import { readTensors, type Tensor, type TensorFile, writeTensors } from './safetensors.ts';

/** What training reached with a policy; for people and for the demo's page. */
export interface TrainingRecord {
  readonly environment: string;
  readonly seed: number;
  readonly decisions: number;
  /** of the last 100 episodes */
  readonly meanReturn: number | null;
}

/** The metadata entry that holds a policy's description as JSON; by it a policy file is told from others. */
export const POLICY_ENTRY = 'babylon-agents';
/** The same of a checkpoint. */
export const CHECKPOINT_ENTRY = 'babylon-agents-checkpoint';
const VERSION = 1;

/** What every version has; a newer one may differ in all else. */
const VERSIONED = v.object({ version: v.number() });
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const DESCRIPTION = v.object({
  format: v.literal('policy'),
  version: v.number(),
  name: v.string(),
  sensors: v.array(v.object({ name: v.string(), size: count })),
  actuators: v.array(v.object({ name: v.string(), continuous: count, branches: v.array(count) })),
  network: v.object({
    hidden: v.array(count),
    activation: v.picklist(['tanh', 'relu', 'swish']),
  }),
  normaliserClip: v.number(),
  bounds: v.literal('clip'),
  timeStep: v.number(),
  decisionPeriod: count,
  trained: v.optional(
    v.object({ environment: v.string(), seed: v.number(), decisions: v.number(), meanReturn: v.nullable(v.number()) }),
  ),
});

/** Writes a policy for play as a safetensors file: the critic stays behind. */
export function writePolicy({ spec, parameters }: Policy, trained?: TrainingRecord): Uint8Array {
  const { name, layout, network, normaliserClip, bounds, timeStep, decisionPeriod } = spec;
  const { hidden, activation } = network;
  const description = {
    format: 'policy',
    version: VERSION,
    name,
    ...layout,
    network: { hidden, activation },
    normaliserClip,
    bounds,
    timeStep,
    decisionPeriod,
    trained,
  };
  const inFile = new Set(parameterLayoutOf(spec, { ...network, critic: 'none' }).slices.map((slice) => slice.name));
  const tensors = new Map<string, Tensor>();
  for (const slice of parameterLayoutOf(spec, network).slices) {
    if (!inFile.has(slice.name)) continue;
    tensors.set(slice.name, { shape: slice.shape, data: parameters.slice(slice.offset, slice.offset + slice.size) });
  }
  return writeTensors({ metadata: { [POLICY_ENTRY]: JSON.stringify(description) }, tensors });
}

/** Reads a policy file; `who` names it in errors. */
export function parsePolicy(file: Uint8Array, who = 'The policy file'): Policy {
  const { metadata, tensors } = readTensors(file, who);
  const spec = parseSpec(metadata, who);
  const layout = parameterLayoutOf(spec, spec.network);
  const parameters = new Float32Array(layout.size);
  for (const { name, shape, offset } of layout.slices) {
    const tensor = tensors.get(name);
    if (!tensor || String(tensor.shape) !== String(shape) || !(tensor.data instanceof Float32Array)) {
      const found = tensor ? `holds ${tensor.data.constructor.name} [${tensor.shape}]` : 'does not hold it';
      throw new AgentsError(`${who} should hold "${name}" as Float32Array [${shape}] and ${found}. Export it again.`);
    }
    if (!tensor.data.every(Number.isFinite))
      throw new AgentsError(`${who} holds numbers in "${name}" that are not finite. Train it again.`);
    parameters.set(tensor.data, offset);
  }
  return new Policy(spec, parameters);
}

/** What training reached with a policy file, when it says so. */
export function readTrainingRecord(file: Uint8Array, who = 'The policy file'): TrainingRecord | undefined {
  return parseDescription(readTensors(file, who).metadata, who).trained;
}

/** Fetches a policy file, or takes its bytes. */
export async function loadPolicy(source: string | URL | ArrayBuffer | Uint8Array): Promise<Policy> {
  if (source instanceof Uint8Array) return parsePolicy(source);
  if (source instanceof ArrayBuffer) return parsePolicy(new Uint8Array(source));
  const who = `Policy "${source}"`;
  const response = await fetch(source).catch((error: unknown) => {
    throw new AgentsError(`${who} cannot be fetched: ${messageOf(error)}. Check the address.`, { cause: error });
  });
  if (!response.ok)
    throw new AgentsError(`${who} cannot be fetched: ${response.status} ${response.statusText}. Check the address.`);
  return parsePolicy(new Uint8Array(await response.arrayBuffer()), who);
}

function parseSpec(metadata: TensorFile['metadata'], who: string): PolicySpec {
  const { name, sensors, actuators, network, normaliserClip, bounds, timeStep, decisionPeriod } = parseDescription(
    metadata,
    who,
  );
  return {
    name,
    layout: { sensors, actuators },
    network: { ...network, critic: 'none' },
    normaliserClip,
    bounds,
    timeStep,
    decisionPeriod,
  };
}

function parseDescription(metadata: TensorFile['metadata'], who: string): v.InferOutput<typeof DESCRIPTION> {
  if (CHECKPOINT_ENTRY in metadata)
    throw new AgentsError(`${who} is a checkpoint, to go on training from. Use the policy file beside it.`);
  const text = metadata[POLICY_ENTRY];
  if (text === undefined)
    throw new AgentsError(
      `${who} is a safetensors file, but no policy of babylon-agents. Export one with \`babylon-agents train\`.`,
    );
  const json = parseJson(text);
  const versioned = v.safeParse(VERSIONED, json);
  if (versioned.success && versioned.output.version > VERSION) {
    throw new AgentsError(
      `${who} has format version ${versioned.output.version}, and this babylon-agents reads up to ${VERSION}. Update babylon-agents.`,
    );
  }
  const parsed = v.safeParse(DESCRIPTION, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new AgentsError(
      `${who} describes no policy: "${v.getDotPath(issue) ?? POLICY_ENTRY}" is ${issue.received} and must be ${issue.expected}. Export it again.`,
    );
  }
  return parsed.output;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parameterLayoutOf(spec: PolicySpec, network: NetworkSpec) {
  return parameterLayout(measureLayout(spec.layout), network);
}
