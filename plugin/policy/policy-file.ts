import { AgentsError, messageOf } from '../core/errors.ts';
import { measureLayout } from '../core/layout.ts';
import type { CurrentLesson } from '../core/parameters.ts';
import { between, describeFault, oneOf, parseJson, type Shape, text, wholeFrom } from './json-shape.ts';
import { findWeightFault, type NetworkSpec, weightLayout } from './network.ts';
import { Policy, type PolicySpec } from './policy.ts';
import { findSpecFault } from './policy-spec.ts';
import { readTensors, type Tensor, type TensorFile, writeTensors } from './safetensors.ts';
import { writeJson } from './write-json.ts';

/** A policy's training results, for display. */
export interface TrainingRecord {
  /** name of the environment */
  readonly environment: string;
  /** seed of the run */
  readonly seed: number;
  /** total decisions of the run */
  readonly decisions: number;
  /** over the last 100 episodes */
  readonly meanReturn: number | null;
  /** progress through each parameter's curriculum */
  readonly lessons?: readonly CurrentLesson[];
}

/** The metadata entry that holds a policy's description as JSON; it identifies a policy file. */
export const POLICY_ENTRY = 'babylon-agents';
/** The same for a checkpoint. */
export const CHECKPOINT_ENTRY = 'babylon-agents-checkpoint';
const VERSION = 1;
/** maximum nesting of the description */
const DEPTH = 8;

/** What every version has; a newer one may differ in everything else. */
const VERSIONED: Shape = { format: oneOf('policy'), version: wholeFrom(1) };

/** Writes a policy for play as a safetensors file, without the critic. Throws if parsePolicy() would reject the result. */
export function writePolicy({ spec, weights }: Policy, trained?: TrainingRecord): Uint8Array {
  const fault = findSpecFault(spec, Infinity);
  if (fault) throw new AgentsError(`Policy "${spec.name}" cannot be written: ${fault}.`);
  const { name, layout, network, observationClip, bounds, timeStep, decisionPeriod, frames } = spec;
  const { hidden, activation } = network;
  const description = {
    format: 'policy',
    version: VERSION,
    name,
    ...layout,
    network: { hidden, activation },
    observationClip,
    bounds,
    timeStep,
    decisionPeriod,
    frames,
    trained,
  };
  const inFile = new Set(weightLayoutOf(spec, { ...network, critic: 'none' }).slices.map((slice) => slice.name));
  const tensors = new Map<string, Tensor>();
  for (const slice of weightLayoutOf(spec, network).slices) {
    if (!inFile.has(slice.name)) continue;
    tensors.set(slice.name, { shape: slice.shape, data: weights.slice(slice.offset, slice.offset + slice.size) });
  }
  return writeTensors({ metadata: { [POLICY_ENTRY]: writeJson(description, DEPTH) }, tensors });
}

/** Reads a policy file; `who` names it in messages. */
export function parsePolicy(file: Uint8Array, who = 'The policy file'): Policy {
  const { metadata, tensors } = readTensors(file, who);
  const spec = parseSpec(metadata, file.length / 4, who);
  const layout = weightLayoutOf(spec, spec.network);
  const weights = new Float32Array(layout.size);
  for (const { name, shape, offset } of layout.slices) {
    const tensor = tensors.get(name);
    const data = tensor?.data;
    if (!tensor || String(tensor.shape) !== String(shape) || !(data instanceof Float32Array)) {
      const found = data ? `has ${data.constructor.name} [${tensor.shape}]` : 'does not have it';
      throw new AgentsError(`${who} should have "${name}" as Float32Array [${shape}] but ${found}. Export it again.`);
    }
    weights.set(data, offset);
  }
  const fault = findWeightFault(layout, spec.observationClip, weights);
  if (fault) throw new AgentsError(`${who} ${fault}. Train it again.`);
  return new Policy(spec, weights);
}

/** The training results in a policy file, if it has any. */
export function readTrainingRecord(file: Uint8Array, who = 'The policy file'): TrainingRecord | undefined {
  const { trained } = parseDescription(readTensors(file, who).metadata, who);
  if (trained === undefined) return undefined;
  const lesson: Shape = { parameter: text, lesson: text, number: wholeFrom(1), count: wholeFrom(1) };
  const record: Shape = {
    environment: text,
    seed: wholeFrom(Number.MIN_SAFE_INTEGER),
    decisions: wholeFrom(0),
    meanReturn: (value) => (value === null ? undefined : between(-Number.MAX_VALUE, Number.MAX_VALUE)(value)),
    ...(Object.hasOwn(Object(trained), 'lessons') && { lessons: [lesson] as const }),
  };
  const fault = describeFault({ trained }, { trained: record });
  if (fault) throw refuseDescription(who, fault);
  return trained as TrainingRecord;
}

/**
 * Fetches a policy file, or takes its bytes. In Node, whose fetch() cannot read files, pass the result of readFile().
 *
 * @param source a URL, or the bytes of the file
 */
export async function loadPolicy(source: string | URL | ArrayBuffer | Uint8Array): Promise<Policy> {
  if (source instanceof Uint8Array) return parsePolicy(source);
  if (source instanceof ArrayBuffer) return parsePolicy(new Uint8Array(source));
  const who = `Policy "${source}"`;
  const fail = (error: unknown): never => {
    const local = globalThis.process?.versions?.node && !/^https?:/.test(String(source));
    const remedy = local ? 'In Node, fetch() cannot read files: pass the result of readFile()' : 'Check the address';
    throw new AgentsError(`${who} cannot be fetched: ${messageOf(error)}. ${remedy}.`, { cause: error });
  };
  const response = await fetch(source).catch(fail);
  if (!response.ok)
    throw new AgentsError(`${who} cannot be fetched: ${response.status} ${response.statusText}. Check the address.`);
  const file = new Uint8Array(await response.arrayBuffer().catch(fail));
  if (file[0] === 0x3c)
    throw new AgentsError(`${who} is an HTML page; the server probably returned its 404 page. Check the address.`);
  return parsePolicy(file, who);
}

/** The specification in a policy file; `floats` is the maximum number of weights. */
function parseSpec(metadata: TensorFile['metadata'], floats: number, who: string): PolicySpec {
  const { name, sensors, actuators, network, observationClip, bounds, timeStep, decisionPeriod, frames } =
    parseDescription(metadata, who);
  const { hidden, activation } = (network ?? {}) as Partial<NetworkSpec>;
  const spec = {
    name,
    layout: { sensors, actuators },
    network: { hidden, activation, critic: 'none' },
    observationClip,
    bounds,
    timeStep,
    decisionPeriod,
    ...(frames !== undefined && { frames }),
  };
  const fault = findSpecFault(spec, floats);
  if (fault) throw refuseDescription(who, fault);
  return spec as PolicySpec;
}

/** The description in a policy file of this version; only its format and version are checked. */
function parseDescription(metadata: TensorFile['metadata'], who: string): Readonly<Record<string, unknown>> {
  if (Object.hasOwn(metadata, CHECKPOINT_ENTRY))
    throw new AgentsError(`${who} is a checkpoint. Use the policy file beside it.`);
  if (!Object.hasOwn(metadata, POLICY_ENTRY))
    throw new AgentsError(
      `${who} is a safetensors file, but not a babylon-agents policy. Export one with \`babylon-agents train\`.`,
    );
  const description = parseJson(metadata[POLICY_ENTRY], DEPTH);
  const fault = describeFault(description, VERSIONED);
  if (fault) throw refuseDescription(who, fault);
  const { version } = description as { version: number };
  if (version > VERSION) {
    throw new AgentsError(
      `${who} has format version ${version}, but this version of babylon-agents reads up to ${VERSION}. Update babylon-agents.`,
    );
  }
  return description as Record<string, unknown>;
}

function refuseDescription(who: string, fault: string): AgentsError {
  return new AgentsError(`${who} has an invalid policy description: ${fault}. Export it again.`);
}

function weightLayoutOf(spec: PolicySpec, network: NetworkSpec) {
  return weightLayout(measureLayout(spec.layout), network);
}
