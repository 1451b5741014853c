import { createTensor, type NumberTensor } from '../tensor.ts';
import { integersOf, intOf, type Operator, requireInput, requireLastAxis } from './operator.ts';

/** Operators that reduce each row to one number. */
export const REDUCE: Readonly<Record<string, Operator>> = {
  ReduceSum: reducing((row) => row.reduce((sum, x) => sum + x, 0)),
  ReduceMax: reducing((row) => row.reduce((most, x) => Math.max(most, x), -Infinity)),
  ReduceLogSumExp: reducing((row) => {
    const most = row.reduce((high, x) => Math.max(high, x), -Infinity);
    return most + Math.log(row.reduce((sum, x) => sum + Math.exp(x - most), 0));
  }),
};

/** The axes that a node reduces, if given. */
export function reducedAxes(
  node: Parameters<Operator>[0],
  inputs: readonly (NumberTensor | undefined)[],
): readonly number[] | undefined {
  return integersOf(node, 'axes', inputs[1]);
}

function reducing(reduce: (row: Float64Array) => number): Operator {
  return (node, inputs, { budget }) => {
    const x = requireInput(node, inputs, 0);
    const axes = reducedAxes(node, inputs);
    for (const axis of axes ?? []) requireLastAxis(node, axis, x.dims);
    const size = axes ? (x.dims.at(-1) ?? 1) : x.data.length;
    const keeps = intOf(node, 'keepdims', 1) !== 0;
    const y = createTensor(axes ? [...x.dims.slice(0, -1), ...(keeps ? [1] : [])] : [], budget);
    for (let i = 0; i < y.data.length; i++)
      y.data[i] = reduce(Float64Array.from(x.data.subarray(i * size, (i + 1) * size)));
    return y;
  };
}
