import type { Budget } from './budget.ts';
import type { OnnxGraph, OnnxNode } from './model.ts';
import { computeNode } from './operators.ts';
import { followRows } from './row-operators.ts';
import type { Rows } from './rows.ts';
import type { Tensor } from './tensor.ts';
import { Unsupported } from './unsupported.ts';
import { type Values, walkGraph } from './walk-graph.ts';

/** A number that is the same for every observation: folded at once. */
export interface ConstantValue {
  readonly kind: 'constant';
  readonly tensor: Tensor;
}

/** A function of every column of some rows, not yet known to be an activation. */
export interface FunctionValue {
  readonly kind: 'function';
  readonly of: Rows;
  readonly apply: (x: number) => number;
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
export type Known = ConstantValue | Rows | FunctionValue | ScoresValue | TotalValue | ChoiceValue;

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
  const noise = (): Tensor => {
    throw new Unsupported('draws one random number for all agents', 'Export what it does without chance');
  };
  walkGraph<Known>(graph, outputs, values, (node, inputs) => {
    const constants = inputs.map((input) => (input?.kind === 'constant' ? input.tensor : undefined));
    if (inputs.every((input) => input === undefined || input.kind === 'constant'))
      return computeNode(node, constants, { opset, budget, noise }).map((tensor) => ({ kind: 'constant', tensor }));
    return followNode(node, inputs, constants, opset, budget);
  });
}

function followNode(
  node: OnnxNode,
  inputs: readonly (Known | undefined)[],
  constants: readonly (Tensor | undefined)[],
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
};
