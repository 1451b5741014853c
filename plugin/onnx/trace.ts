import type { Budget } from './budget.ts';
import type { OnnxGraph, OnnxNode } from './model.ts';
import { scalarOf, stretchedDims } from './operators/elementwise.ts';
import { computeNode } from './operators.ts';
import { shapeOf } from './row-operators/columns.ts';
import { followRows } from './row-operators.ts';
import type { Rows } from './rows.ts';
import type { NumberTensor } from './tensor.ts';
import { Unsupported } from './unsupported.ts';
import { type Values, walkGraph } from './walk-graph.ts';

/** A number that is the same for every observation: folded at once. */
export interface ConstantValue {
  readonly kind: 'constant';
  readonly tensor: NumberTensor;
}

/** A function of every column of some rows, not yet known to be an activation. */
export interface FunctionValue {
  readonly kind: 'function';
  readonly of: Rows;
  readonly apply: (x: number) => number;
  /** where it may do something else than everywhere around: what it compares x with */
  readonly points: readonly number[];
  /** operations of one call */
  readonly cost: number;
  /** its operators, for messages */
  readonly names: readonly string[];
}

/** What says how likely the choices of branches are, and grows with their logits: probabilities, or logarithms of them. */
export interface ScoresValue {
  readonly kind: 'scores';
  readonly branches: readonly ChosenBranch[];
}

/** A number for each row by which scores are divided or lowered: a sum of exponentials, a maximum. */
export interface TotalValue {
  readonly kind: 'total';
}

/** What no policy computes. It matters only if an action depends on it: some exporters ask it for its shape alone. */
export interface OpaqueValue {
  readonly kind: 'opaque';
  readonly why: Unsupported;
  /** its shape, where that is known */
  readonly dims: readonly number[] | undefined;
}

/** What was chosen of each branch, by chance or not. */
export interface ChoiceValue {
  readonly kind: 'choice';
  readonly branches: readonly ChosenBranch[];
}

/** How one branch's choice is made. */
export interface ChosenBranch {
  /** [batch, choices] where everything is allowed */
  readonly logits: Rows;
  /** the name of the value that is chosen from, or part of it: scores that a softmax makes probabilities of */
  readonly scores: string;
  /** the first of its columns */
  readonly first: number;
}

/** What is known of a value without an observation to compute it from. */
export type Known = ConstantValue | Rows | FunctionValue | ScoresValue | TotalValue | ChoiceValue | OpaqueValue;

/**
 * Follows a graph without observations: constants are folded, and of everything else it is kept how it depends on the
 * observation. Masks allow everything here; whether they block what they should is for proveEqual() to find out.
 */
export function traceGraph(
  graph: OnnxGraph,
  outputs: readonly string[],
  values: Values<Known>,
  opset: number,
  budget: Budget,
): void {
  const noise = (): NumberTensor => {
    throw new Unsupported('draws one random number for all agents', 'Export what it does without chance');
  };
  walkGraph<Known>(graph, outputs, values, (node, inputs) => {
    const constants = inputs.map((input) => (input?.kind === 'constant' ? input.tensor : undefined));
    if (inputs.every((input) => input === undefined || input.kind === 'constant'))
      return computeNode(node, constants, { opset, budget, noise }).map((tensor) => ({ kind: 'constant', tensor }));
    const opaque = inputs.find((input): input is OpaqueValue => input?.kind === 'opaque');
    if (opaque) return node.op === 'Shape' && opaque.dims ? [shapeOf(opaque.dims)] : hide(node, inputs, opaque.why);
    try {
      return followNode(node, inputs, constants, opset, budget);
    } catch (error) {
      if (error instanceof Unsupported) return hide(node, inputs, error);
      throw error;
    }
  });
  for (const name of outputs) {
    const value = values.get(name);
    if (value?.kind === 'opaque') throw value.why;
  }
}

/** The outputs of a node that cannot be followed. */
function hide(node: OnnxNode, inputs: readonly (Known | undefined)[], why: Unsupported): readonly OpaqueValue[] {
  const shapes = inputs.map((input) => (input ? knownDims(input) : []));
  const known = shapes.filter((dims) => dims !== undefined);
  const dims = scalarOf(node) && known.length === shapes.length ? stretched(node, known) : undefined;
  return node.outputs.map(() => ({ kind: 'opaque', why, dims }));
}

function stretched(node: OnnxNode, shapes: readonly (readonly number[])[]): readonly number[] | undefined {
  try {
    return stretchedDims(node, shapes);
  } catch {
    return undefined; // what is wrong with it is said already
  }
}

function knownDims(value: Known): readonly number[] | undefined {
  if (value.kind === 'constant') return value.tensor.dims;
  if (value.kind === 'rows' || value.kind === 'opaque') return value.dims;
  return value.kind === 'function' ? value.of.dims : undefined;
}

function followNode(
  node: OnnxNode,
  inputs: readonly (Known | undefined)[],
  constants: readonly (NumberTensor | undefined)[],
  opset: number,
  budget: Budget,
): readonly Known[] {
  const known = followRows(node, inputs, constants, { opset, budget });
  if (known) return Array.isArray(known) ? known : [known as Known];
  const kinds = inputs.map((input) => (input ? NAMES[input.kind] : 'nothing')).join(' and ');
  throw new Unsupported(
    `applies ${node.op} to ${kinds}`,
    'Chains of dense layers, activations and arithmetic with constants are imported',
  );
}

const NAMES: Readonly<Record<Known['kind'], string>> = {
  constant: 'constants',
  rows: 'values of the observation',
  function: 'a function of them',
  total: 'a sum of exponentials',
  scores: 'probabilities of choices',
  choice: 'choices',
  opaque: 'something else',
};
