import type { Budget } from './budget.ts';
import type { OnnxGraph, OnnxNode } from './model.ts';
import { computeNode } from './operators.ts';
import { ROW_OPERATORS } from './row-operators.ts';
import type { Rows } from './rows.ts';
import type { Tensor } from './tensor.ts';
import { Unsupported } from './unsupported.ts';
import { type Values, walkGraph } from './walk-graph.ts';

/** A number that is the same for every observation: folded at once. */
export interface ConstantValue {
  readonly kind: 'constant';
  readonly tensor: Tensor;
}

/** sigmoid(x), which is of use as a factor of x alone: swish. */
export interface GateValue {
  readonly kind: 'gate';
  readonly of: Rows;
}

/** Something that says how likely choices are and grows with their logits: probabilities, or logarithms of them. */
export interface ScoresValue {
  readonly kind: 'scores';
  /** [batch, choices] the logits where everything is allowed */
  readonly logits: Rows;
}

/** What was chosen of each branch, by chance or not. */
export interface ChoiceValue {
  readonly kind: 'choice';
  readonly branches: readonly ChosenBranch[];
}

/** How one branch's choice was made. */
export interface ChosenBranch {
  readonly logits: Rows;
  /** the name of the value that was chosen from: scores that a softmax makes probabilities of */
  readonly scores: string;
}

/** What is known of a value without an observation to compute it from. */
export type Known = ConstantValue | Rows | GateValue | ScoresValue | ChoiceValue;

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
    throw new Unsupported('draws one random number for all agents', 'Export it with ML-Agents itself');
  };
  walkGraph<Known>(graph, outputs, values, (node, inputs) => {
    const constants = inputs.map((input) => (input?.kind === 'constant' ? input.tensor : undefined));
    if (inputs.every((input) => input === undefined || input.kind === 'constant'))
      return [{ kind: 'constant', tensor: computeNode(node, constants, { opset, budget, noise }) }];
    return [followNode(node, inputs, constants, opset, budget)];
  });
}

function followNode(
  node: OnnxNode,
  inputs: readonly (Known | undefined)[],
  constants: readonly (Tensor | undefined)[],
  opset: number,
  budget: Budget,
): Known {
  const known = ROW_OPERATORS.get(node.op)?.(node, inputs, constants, { opset, budget });
  if (known) return known;
  const kinds = inputs.map((input) => (input ? NAMES[input.kind] : 'nothing')).join(' and ');
  throw new Unsupported(
    `applies ${node.op} to ${kinds}`,
    'Dense layers, a normaliser, and the heads of ML-Agents’ PPO are imported; train the agent with those',
  );
}

const NAMES: Readonly<Record<Known['kind'], string>> = {
  constant: 'constants',
  rows: 'values of the observation',
  gate: 'their sigmoid',
  scores: 'probabilities of choices',
  choice: 'choices',
};
