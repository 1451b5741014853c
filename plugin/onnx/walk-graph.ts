import type { OnnxGraph, OnnxNode } from './model.ts';
import { Unsupported } from './unsupported.ts';

/** The known values of a graph, by name. */
export type Values<Value> = Map<string, Value>;

/**
 * Computes `outputs` node by node. A value may be numbers, or what is known about them.
 *
 * @param values  inputs and constants; computed values are added
 * @param compute returns the outputs of one node; an omitted input is undefined
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
      if (values.has(name)) throw new Unsupported(`computes "${name}" twice`, 'It is damaged. Export it again');
      values.set(name, computed[i]);
    });
  }
  const missing = outputs.find((name) => !values.has(name));
  if (missing !== undefined)
    throw new Unsupported(`has output "${missing}", which nothing computes`, 'It is damaged. Export it again');
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
    throw new Unsupported(`reads "${name}" in ${op} before computing it`, 'It is damaged. Export it again');
  return value;
}
