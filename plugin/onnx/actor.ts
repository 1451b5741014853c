import type { ImportOnnxOptions } from './import-onnx.ts';
import { isMlAgents, requireMlAgents } from './ml-agents-actor.ts';
import type { OnnxModel, OnnxValue } from './model.ts';
import { requirePlainActor } from './plain-actor.ts';

/** An input that holds an observation, or a part of it. */
export interface ActorInput {
  readonly name: string;
  /** free batch dimensions are 1 */
  readonly dims: readonly number[];
  /** floats of one observation */
  readonly size: number;
}

/**
 * The content of an output: continuous actions, drawn or not; choices; or numbers whose kind follows from their computation.
 */
export type OutputKind = 'drawn' | 'certain' | 'choices' | 'any';

export interface ActorOutput {
  readonly name: string;
  readonly kind: OutputKind;
}

/** The inputs and outputs of a model. */
export interface ActorInterface {
  /** in observation order */
  readonly observations: readonly ActorInput[];
  /** M, entries of action_masks; 0 without that input */
  readonly masks: number;
  /** an input for noise */
  readonly noise: ActorInput | undefined;
  /** the outputs that hold actions */
  readonly outputs: readonly ActorOutput[];
  /** outputs with facts about the model */
  readonly said: readonly string[];
}

/** Reads the inputs and outputs of a policy, ML-Agents' or other; rejects anything else and says what was found. */
export function requireActor({ graph }: OnnxModel, options: ImportOnnxOptions): ActorInterface {
  return isMlAgents(graph) ? requireMlAgents(graph) : requirePlainActor(graph, options);
}

/** Batches up to this size may be fixed in a graph's shapes; graphs with larger ones are tried with one observation. */
const MOST_ROWS = 64;

/** An input of known shape; `size` floats if the file leaves that open. */
export function readInput({ name, dims }: OnnxValue, width?: number): ActorInput | undefined {
  const [first] = dims;
  const sized = dims.map((size, axis) => (axis === dims.length - 1 && typeof size !== 'number' ? width : size));
  const batch = typeof first === 'number' && first > 0 && first <= MOST_ROWS ? first : 1;
  const known = dims.length > 1 ? [batch, ...sized.slice(1)] : sized;
  if (known.length === 0) return width === undefined ? undefined : { name, dims: [1, width], size: width };
  if (!known.every((size): size is number => typeof size === 'number' && Number.isSafeInteger(size) && size >= 0))
    return undefined;
  return {
    name,
    dims: known,
    size: known.slice(known.length > 1 ? 1 : 0).reduce((product, size) => product * size, 1),
  };
}
