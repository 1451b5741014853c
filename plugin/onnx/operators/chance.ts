import { createTensor, type NumberTensor } from '../tensor.ts';
import { intOf, misused, type Operator, type OperatorContext, requireInput, requireLastAxis } from './operator.ts';

/** Operators that choose and draw. */
export const CHANCE: Readonly<Record<string, Operator>> = {
  ArgMax: (node, inputs, context) => {
    const x = requireInput(node, inputs, 0);
    requireLastAxis(node, intOf(node, 'axis', 0), x.dims);
    return likeliest(x, intOf(node, 'keepdims', 1) !== 0, context);
  },
  /** Returns the likeliest choice instead of drawing; the distribution is compared separately. */
  Multinomial: (node, inputs, context) => {
    if (intOf(node, 'sample_size', 1) !== 1) throw misused(node, 'that draws several choices');
    return likeliest(requireInput(node, inputs, 0), true, context);
  },
  RandomNormalLike: (node, inputs, { noise }) => {
    const { mean, scale } = { mean: node.attributes.get('mean')?.float, scale: node.attributes.get('scale')?.float };
    if ((mean ?? 0) !== 0 || (scale ?? 1) !== 1) throw misused(node, 'that is not the standard normal distribution');
    return noise(requireInput(node, inputs, 0).dims);
  },
};

/** The index of each row's highest entry; the first one in a tie. */
function likeliest({ dims, data }: NumberTensor, keep: boolean, { budget }: OperatorContext): NumberTensor {
  const size = dims.at(-1) ?? 1;
  const y = createTensor([...dims.slice(0, -1), ...(keep ? [1] : [])], budget);
  for (let row = 0; row < y.data.length; row++) {
    for (let i = 1; i < size; i++) if (data[row * size + i] > data[row * size + y.data[row]]) y.data[row] = i;
  }
  return y;
}
