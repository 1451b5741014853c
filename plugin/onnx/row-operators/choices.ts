import { intOf } from '../operators/operator.ts';
import { reducedAxes } from '../operators/reduce.ts';
import { isFlat } from '../rows.ts';
import type { Known } from '../trace.ts';
import { scoresOf } from './arithmetic.ts';
import { isLastAxis, type RowOperator } from './row-operator.ts';

/** Softmax and LogSoftmax. */
export const softmax: RowOperator = (node, [x], _constants, { opset }) => {
  if (x?.kind === 'scores') return x;
  if (x?.kind !== 'rows' || !isFlat(x)) return undefined;
  return isLastAxis(node, intOf(node, 'axis', opset < 13 ? 1 : -1), x.dims) ? scoresOf(node, x) : undefined;
};

/** Functions that keep the order of scores. */
export const keepScores: RowOperator = (_node, [x]) => (x?.kind === 'scores' || x?.kind === 'total' ? x : undefined);

/** A sum or a maximum over the choices. */
export const total: RowOperator = (node, [x], constants) => {
  const axes = reducedAxes(node, constants);
  if (x?.kind === 'scores') return { kind: 'total' };
  return x?.kind === 'rows' && axes?.length === 1 && isLastAxis(node, axes[0], x.dims) && node.op !== 'ReduceSum'
    ? { kind: 'total' }
    : undefined;
};

export const argMax: RowOperator = (node, [x]) =>
  x?.kind === 'rows' && !isLastAxis(node, intOf(node, 'axis', 0), x.dims) ? undefined : choose(node.inputs[0], x);

export const draw: RowOperator = (node, [x]) => choose(node.inputs[0], x);

function choose(scores: string, x: Known | undefined): Known | undefined {
  if (x?.kind === 'scores')
    return x.branches.length === 1 ? { kind: 'choice', branches: [{ ...x.branches[0], scores }] } : undefined;
  return x?.kind === 'rows' && isFlat(x) ? { kind: 'choice', branches: [{ logits: x, scores, first: 0 }] } : undefined;
}
