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

/** A number that is the same for every observation; folded immediately. */
export interface ConstantValue {
  readonly kind: 'constant';
  readonly tensor: NumberTensor;
}

/** A function of every column of some rows, not yet recognized as an activation. */
export interface FunctionValue {
  readonly kind: 'function';
  readonly of: Rows;
  readonly apply: (x: number) => number;
  /** where it may behave differently than nearby: numbers that it compares x with */
  readonly points: readonly number[];
  /** operations per call */
  readonly cost: number;
  /** its operators, for messages */
  readonly names: readonly string[];
}

/** Scores that grow with the likelihood of each choice: probabilities, or their logarithms. */
export interface ScoresValue {
  readonly kind: 'scores';
  readonly branches: readonly ChosenBranch[];
}

/** A number per row that scores are divided by or lowered by: a sum of exponentials, or a maximum. */
export interface TotalValue {
  readonly kind: 'total';
}

/** A value that no policy computes. It matters only if an action depends on it: some exporters only read its shape. */
export interface OpaqueValue {
  readonly kind: 'opaque';
  readonly why: Unsupported;
  /** its shape, if known */
  readonly dims: readonly number[] | undefined;
}

/** The choice in each branch, sampled or not. */
export interface ChoiceValue {
  readonly kind: 'choice';
  readonly branches: readonly ChosenBranch[];
}

/** How one branch's choice is made. */
export interface ChosenBranch {
  /** [batch, choices] if everything is allowed */
  readonly logits: Rows;
  /** the name of the value (or a part of it) that the choice is made from: scores that a softmax turns into probabilities */
  readonly scores: string;
  /** its first column */
  readonly first: number;
}

/** What is known about a value without an observation to compute it from. */
export type Known = ConstantValue | Rows | FunctionValue | ScoresValue | TotalValue | ChoiceValue | OpaqueValue;

/**
 * Follows a graph without observations: folds constants, and records how everything else depends on the observation. Here
 * masks allow everything; proveEqual() checks that they block what they should.
 */
export function traceGraph(
  graph: OnnxGraph,
  outputs: readonly string[],
  values: Values<Known>,
  opset: number,
  budget: Budget,
): void {
  const noise = (): NumberTensor => {
    throw new Unsupported('draws one random number for all agents', 'Export its deterministic actions');
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
    return undefined; // already reported
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
    'Only chains of dense layers, activations and arithmetic with constants can be imported',
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
