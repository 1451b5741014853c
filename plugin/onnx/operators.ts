import type { OnnxNode } from './model.ts';
import { CHANCE } from './operators/chance.ts';
import { ELEMENTWISE } from './operators/elementwise.ts';
import { LINEAR } from './operators/linear.ts';
import type { Operator, OperatorContext } from './operators/operator.ts';
import { REDUCE } from './operators/reduce.ts';
import { SHAPE } from './operators/shape.ts';
import type { NumberTensor } from './tensor.ts';
import { Unsupported } from './unsupported.ts';

/** The operators of dense actors, on numbers: what exporters write for them, not all of ONNX. */
const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  Object.entries({ ...ELEMENTWISE, ...LINEAR, ...REDUCE, ...SHAPE, ...CHANCE }),
);

/** The names of ONNX's own operator domain. */
const OWN_DOMAINS: readonly string[] = ['', 'ai.onnx'];

/** Whether computeNode() supports a node. */
export function isKnown({ op, domain }: OnnxNode): boolean {
  return OPERATORS.has(op) && OWN_DOMAINS.includes(domain);
}

/** The outputs of a node with numeric inputs. A policy only needs the first one, except for Split. */
export function computeNode(
  node: OnnxNode,
  inputs: readonly (NumberTensor | undefined)[],
  context: OperatorContext,
): readonly NumberTensor[] {
  const operator = OPERATORS.get(node.op);
  if (!operator) throw new Unsupported(`uses ${node.op}, which is not supported`, 'Export a policy of dense layers');
  const outputs = operator(node, inputs, context);
  return 'dims' in outputs ? [outputs] : outputs;
}
