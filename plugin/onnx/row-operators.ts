import {
  add,
  clip,
  divide,
  drawNoise,
  limit,
  multiply,
  negate,
  normalizeBatch,
  subtract,
  where,
} from './row-operators/arithmetic.ts';
import { argMax, draw, keepScores, softmax, total } from './row-operators/choices.ts';
import {
  concat,
  expand,
  flatten,
  gather,
  reshape,
  shape,
  slice,
  split,
  squeeze,
  transpose,
  unsqueeze,
} from './row-operators/columns.ts';
import { dense } from './row-operators/dense.ts';
import { elementwise } from './row-operators/functions.ts';
import type { RowOperator } from './row-operators/row-operator.ts';

const keep: RowOperator = (_node, [x]) => x;

/** Operators with more known structure than being elementwise. */
const SPECIAL: ReadonlyMap<string, RowOperator> = new Map<string, RowOperator>([
  ['Identity', keep],
  ['Dropout', keep],
  [
    'Cast',
    (node, [x]) =>
      x?.kind === 'choice' || x?.kind === 'scores' || isFloat(node.attributes.get('to')?.int) ? x : undefined,
  ],
  ['Gemm', dense],
  ['MatMul', dense],
  ['BatchNormalization', normalizeBatch],
  ['Add', add],
  ['Sub', subtract],
  ['Mul', multiply],
  ['Div', divide],
  ['Neg', negate],
  ['Clip', clip],
  ['Min', limit('high')],
  ['Max', limit('low')],
  ['Where', where],
  ['RandomNormalLike', drawNoise],
  ['Concat', concat],
  ['Slice', slice],
  ['Split', split],
  ['Gather', gather],
  ['Reshape', reshape],
  ['Flatten', flatten],
  ['Squeeze', squeeze],
  ['Unsqueeze', unsqueeze],
  ['Transpose', transpose],
  ['Expand', expand],
  ['Shape', shape],
  ['Softmax', softmax],
  ['LogSoftmax', softmax],
  ['Log', keepScores],
  ['Exp', keepScores],
  ['ReduceSum', total],
  ['ReduceMax', total],
  ['ReduceLogSumExp', total],
  ['ArgMax', argMax],
  ['Multinomial', draw],
]);

/** The result of a node whose inputs depend on the observation. */
export const followRows: RowOperator = (node, inputs, constants, context) =>
  SPECIAL.get(node.op)?.(node, inputs, constants, context) ?? elementwise(node, inputs, constants, context);

function isFloat(type = 1): boolean {
  return type === 1 || type === 10 || type === 11 || type === 16;
}
