import type { OnnxGraph } from './model.ts';

const MOST_STEPS = 1000;

/** The size of an input's last axis, inferred from the constants it is combined with; undefined if none shows it. */
export function inferWidth({ nodes, initializers }: OnnxGraph, name: string): number | undefined {
  const dims = new Map(initializers.map((tensor) => [tensor.name, tensor.dims]));
  const same = new Set([name]);
  for (const { op, inputs, outputs, attributes } of nodes.slice(0, MOST_STEPS)) {
    if (!same.has(inputs[0]) && !same.has(inputs[1])) continue;
    const constant = inputs.map((input) => dims.get(input)).find((found) => found !== undefined && found.length > 0);
    if (op === 'Gemm' && constant?.length === 2) return constant[attributes.get('transB')?.int ? 1 : 0];
    if (op === 'MatMul' && constant?.length === 2) return constant[0];
    if (!/^(Add|Sub|Mul|Div|Clip|Identity|Cast|BatchNormalization)$/.test(op)) continue;
    const width = constant?.at(-1) ?? 1;
    if (width > 1) return width;
    same.add(outputs[0]);
  }
  return undefined;
}
