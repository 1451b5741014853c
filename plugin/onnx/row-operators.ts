import { floatOf, intOf } from './operators/operator.ts';
import {
  activate,
  add,
  clip,
  dense,
  divide,
  drawNoise,
  limit,
  multiply,
  subtract,
  where,
} from './row-operators/arithmetic.ts';
import { choose, concat, gather, keepFlat, lastAxis, reshape, scoresOf, slice } from './row-operators/columns.ts';
import { mapRows, type RowOperator } from './row-operators/row-operator.ts';
import { scaleColumn } from './rows.ts';

const keep: RowOperator = (_node, [x]) => (x?.kind === 'gate' ? undefined : x);

/** The operators that may touch what depends on the observation. */
export const ROW_OPERATORS: ReadonlyMap<string, RowOperator> = new Map<string, RowOperator>([
  ['Identity', keep],
  ['Cast', keep],
  ['Dropout', keep],
  ['Gemm', dense],
  ['MatMul', dense],
  ['Add', add],
  ['Sub', subtract],
  ['Mul', multiply],
  ['Div', divide],
  ['Neg', (_node, [x], _constants, { budget }) => mapRows(x, (column) => scaleColumn(column, -1), budget)],
  ['Clip', clip],
  ['Min', (node, inputs, constants, context) => limit(node, inputs, constants, context, 'high')],
  ['Max', (node, inputs, constants, context) => limit(node, inputs, constants, context, 'low')],
  ['Where', where],
  ['Sigmoid', (_node, [x]) => (x?.kind === 'rows' ? { kind: 'gate', of: x } : undefined)],
  ['Tanh', (_node, [x], _constants, { budget }) => activate('tanh', x, budget)],
  ['Relu', (_node, [x], _constants, { budget }) => activate('relu', x, budget)],
  [
    'Elu',
    (node, [x], _constants, { budget }) => activate('elu', floatOf(node, 'alpha', 1) === 1 ? x : undefined, budget),
  ],
  ['RandomNormalLike', drawNoise],
  ['Concat', concat],
  ['Slice', slice],
  ['Gather', gather],
  ['Reshape', reshape],
  ['Flatten', (node, [x]) => (intOf(node, 'axis', 1) === 1 ? keepFlat(x) : undefined)],
  ['Squeeze', (_node, [x]) => (x?.kind === 'choice' ? x : undefined)],
  ['Unsqueeze', (_node, [x]) => (x?.kind === 'choice' ? x : undefined)],
  ['Softmax', scoresOf],
  ['LogSoftmax', scoresOf],
  ['Log', (_node, [x]) => (x?.kind === 'scores' ? x : undefined)],
  ['Exp', (_node, [x]) => (x?.kind === 'scores' ? x : undefined)],
  ['ArgMax', (node, [x]) => (lastAxis(node, 0) ? choose(node, x) : undefined)],
  ['Multinomial', (node, [x]) => choose(node, x)],
]);
