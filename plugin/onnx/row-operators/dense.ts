import type { Budget } from '../budget.ts';
import type { OnnxNode } from '../model.ts';
import { biasOf } from '../operators/linear.ts';
import { floatOf, intOf, misused } from '../operators/operator.ts';
import {
  affine,
  constantOf,
  type DenseSource,
  isClipped,
  isConstant,
  isFlat,
  type Rows,
  resize,
  rowsOf,
  sameRows,
} from '../rows.ts';
import { joinParts, partsOf } from '../settle.ts';
import { createTensor, type NumberTensor } from '../tensor.ts';
import { Unsupported } from '../unsupported.ts';
import { fold, isRowsOrFunction, type RowOperator } from './row-operator.ts';

/** A layer's weights, and what they add to its biases. */
interface Weights {
  readonly input: Rows;
  /** [inputs, outputs], or the reverse if `transposed` */
  readonly weight: NumberTensor;
  readonly transposed: boolean;
  readonly bias: (output: number) => number;
}

/** Gemm and MatMul: α · x · W + β · b */
export const dense: RowOperator = (node, [x, w], constants, { budget }) => {
  const gemm = node.op === 'Gemm';
  if (isRowsOrFunction(x) && isRowsOrFunction(w))
    throw new Unsupported(
      `multiplies matrices that it computes from the observation (${node.op}), as attention does, which is not supported yet`,
      'Only a chain of dense layers can be imported',
    );
  if (!isRowsOrFunction(x) || w?.kind !== 'constant' || w.tensor.dims.length !== 2) return undefined;
  if (gemm && intOf(node, 'transA', 0) !== 0) return undefined;
  if (gemm && node.inputs[2] && !constants[2]) return undefined;
  const transposed = gemm && intOf(node, 'transB', 0) !== 0;
  const [inputs, outputs] = transposed ? w.tensor.dims.toReversed() : w.tensor.dims;
  const layer = readLayer(node, partsOf(x, budget), { weight: w.tensor, transposed }, [inputs, outputs], budget);
  budget.spend(4 * inputs * outputs); // its cost in the policy: a file may share weights
  const [alpha, beta] = gemm ? [floatOf(node, 'alpha', 1), floatOf(node, 'beta', 1)] : [1, 0];
  const bias = gemm && constants[2] ? biasOf(node, constants[2], 1, outputs) : () => 0;
  const { input, weight, transposed: across } = layer;
  const dims = resize(x.kind === 'rows' ? x.dims : x.of.dims, outputs);
  const sums = rowsOf({ kind: 'dense', input, weight, transposed: across }, dims, budget);
  return fold(
    affine(sums, alpha, (i) => alpha * layer.bias(i) + beta * bias(0, i), budget),
    budget,
  );
};

/** What a layer reads: several parts are stacked, and a preceding layer without an activation is merged into it. */
function readLayer(
  node: OnnxNode,
  parts: readonly Rows[],
  { weight, transposed }: Pick<Weights, 'weight' | 'transposed'>,
  [inputs, outputs]: readonly number[],
  budget: Budget,
): Weights {
  const [x] = parts;
  if (!isFlat(x) || inputs !== x.source.length)
    throw misused(node, `of ${x.source.length} columns and weights [${weight.dims}]`);
  if (parts.some(({ spread }) => spread?.some((one) => one !== 0)))
    throw new Unsupported('has a layer after its random numbers', 'Export it with noise after the last layer only');
  if (parts.length === 1 && followsDense(x)) return compose(x, { weight, transposed }, [inputs, outputs], budget);
  if (parts.length === 1) return { input: x, weight, transposed, bias: () => 0 };
  const stacked = createTensor([parts.length * inputs, outputs], budget);
  for (let i = 0, at = 0; i < parts.length * inputs; i++)
    for (let output = 0; output < outputs; output++)
      stacked.data[at++] = weightAt({ weight, transposed }, i % inputs, output);
  return { input: joinParts(parts, budget), weight: stacked, transposed: false, bias: () => 0 };
}

/** Whether rows are the outputs of dense layers with a common input. */
function followsDense(x: Rows): boolean {
  const first = x.source.find((source) => source?.kind === 'dense');
  return (
    first?.kind === 'dense' &&
    x.source.every(
      (source, i) =>
        isConstant(x, i) || (source?.kind === 'dense' && sameRows(source.input, first.input) && !isClipped(x, i)),
    )
  );
}

/** (z · V + a) · W = z · (V · W) + a · W */
function compose(
  x: Rows,
  next: Pick<Weights, 'weight' | 'transposed'>,
  [inputs, outputs]: readonly number[],
  budget: Budget,
): Weights {
  const { input } = x.source.find((source) => source?.kind === 'dense') as DenseSource;
  const size = input.source.length;
  budget.work(size * inputs * outputs);
  const weight = createTensor([size, outputs], budget);
  const bias = createTensor([outputs], budget).data;
  for (let j = 0; j < inputs; j++) {
    const source = x.source[j] as DenseSource;
    const constant = isConstant(x, j);
    const offset = constant ? constantOf(x, j) : x.bias[j];
    for (let k = 0; k < outputs; k++) {
      const w = weightAt(next, j, k);
      bias[k] += offset * w;
      if (constant) continue;
      for (let i = 0; i < size; i++) weight.data[i * outputs + k] += x.scale[j] * weightAt(source, i, x.index[j]) * w;
    }
  }
  return { input, weight, transposed: false, bias: (output) => bias[output] };
}

/** The weight from one input to one output. */
export function weightAt(
  { weight, transposed }: Pick<Weights, 'weight' | 'transposed'>,
  input: number,
  output: number,
): number {
  const width = weight.dims[1];
  return weight.data[transposed ? output * width + input : input * width + output];
}
