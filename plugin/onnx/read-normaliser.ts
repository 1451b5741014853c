import { type Column, isConstant, type Rows } from './rows.ts';
import { Unsupported } from './unsupported.ts';

/** Normalisation as a policy has it: x = factor · clip((s − mean) / deviation, ±clip). */
export interface ReadNormaliser {
  /** [O] */
  readonly mean: Float64Array;
  /** [O] above 0 */
  readonly deviation: Float64Array;
  readonly clip: number;
  /** [O] what the first layer's weights take over, where entries are clipped at different values or change their sign */
  readonly factor: Float64Array;
}

/** The clips that a policy may have; the widest one stands for none: no observation of a game is a million. */
const NARROWEST = 1e-6;
const WIDEST = 1e6;
/** Where some entries are clipped and others are not, the latter are clipped this many times further out. */
const FAR = 2 ** 20;

/** Reads from the columns that the first layer sees how each of the O entries of the observation is normalised. */
export function readNormaliser({ columns }: Rows, size: number): ReadNormaliser {
  const entries = new Map<number, Column>();
  for (const column of columns) {
    if (isConstant(column)) continue;
    requireSymmetric(column);
    const known = entries.get(column.index);
    if (known && (known.scale !== column.scale || known.bias !== column.bias || known.high !== column.high))
      throw new Unsupported('normalises one observation in two ways', 'Export it with one normaliser');
    entries.set(column.index, column);
  }
  const limits = [...entries.values()].map(({ high }) => high).filter((high) => high !== Infinity);
  const clip = limits.length > 0 ? Math.min(Math.max(NARROWEST, ...limits), WIDEST) : WIDEST;
  const mean = new Float64Array(size);
  const deviation = new Float64Array(size).fill(1);
  const factor = new Float64Array(size).fill(1);
  for (const [index, { scale, bias, high }] of entries) {
    const reach = high !== Infinity ? high / clip : limits.length > 0 ? FAR : 1;
    mean[index] = (0 - bias) / scale;
    deviation[index] = reach / Math.abs(scale);
    factor[index] = reach * Math.sign(scale);
  }
  return { mean, deviation, clip, factor };
}

function requireSymmetric({ low, high }: Column): void {
  if (low === -high && high > 0) return;
  throw new Unsupported(`clips observations to [${low}, ${high}]`, 'Only clips to ± a number above 0 are imported');
}
