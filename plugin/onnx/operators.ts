import type { OnnxNode } from './model.ts';
import { CHANCE } from './operators/chance.ts';
import { ELEMENTWISE } from './operators/elementwise.ts';
import { LINEAR } from './operators/linear.ts';
import type { Operator, OperatorContext } from './operators/operator.ts';
import { SHAPE } from './operators/shape.ts';
import type { Tensor } from './tensor.ts';
import { Unsupported } from './unsupported.ts';

/** The operators of dense actors, on numbers: what exporters write for them, not all of ONNX. */
const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  Object.entries({ ...ELEMENTWISE, ...LINEAR, ...SHAPE, ...CHANCE }),
);

/** Whether computeNode() knows what a node does. */
export function isKnown({ op, domain }: OnnxNode): boolean {
  return OPERATORS.has(op) && (domain === '' || domain === 'ai.onnx');
}

/** The first output of a node whose inputs are numbers; the others (Dropout's mask) are of no use to a policy. */
export function computeNode(node: OnnxNode, inputs: readonly (Tensor | undefined)[], context: OperatorContext): Tensor {
  const operator = OPERATORS.get(node.op);
  if (!operator)
    throw new Unsupported(`computes with ${node.op}, which no dense policy needs`, 'Export it with ML-Agents itself');
  return operator(node, inputs, context);
}
