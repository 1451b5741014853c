import type { OnnxGraph, OnnxNode } from './model.ts';
import { Unsupported } from './unsupported.ts';

/** What a walk knows of a graph's values, by name. */
export type Values<Value> = Map<string, Value>;

/**
 * Computes `outputs` node after node, with whatever stands for a value: numbers, or what is known of them.
 *
 * @param values  inputs and constants; what nodes compute is added
 * @param compute the outputs of one node; an input that is left out is undefined
 */
export function walkGraph<Value>(
  graph: OnnxGraph,
  outputs: readonly string[],
  values: Values<Value>,
  compute: (node: OnnxNode, inputs: readonly (Value | undefined)[]) => readonly Value[],
): void {
  for (const node of nodesBehind(graph, outputs)) {
    const inputs = node.inputs.map((name) => (name === '' ? undefined : requireValue(values, name, node)));
    const computed = compute(node, inputs);
    node.outputs.forEach((name, i) => {
      if (name === '' || computed[i] === undefined) return;
      if (values.has(name)) throw new Unsupported(`computes "${name}" twice`, 'It is damaged: export it again');
      values.set(name, computed[i]);
    });
  }
  const missing = outputs.find((name) => !values.has(name));
  if (missing !== undefined)
    throw new Unsupported(`has output "${missing}", which nothing computes`, 'It is damaged: export it again');
}

/** The nodes that `outputs` depend on, in the graph's order. */
export function nodesBehind({ nodes }: OnnxGraph, outputs: readonly string[]): OnnxNode[] {
  const needed = new Set(outputs);
  const behind: OnnxNode[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    for (const name of node.inputs) needed.add(name);
    behind.push(node);
  }
  return behind.reverse();
}

function requireValue<Value>(values: Values<Value>, name: string, { op }: OnnxNode): Value {
  const value = values.get(name);
  if (value === undefined)
    throw new Unsupported(`has ${op} read "${name}", which nothing wrote before`, 'It is damaged: export it again');
  return value;
}
