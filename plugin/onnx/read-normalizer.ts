import { isConstant, type Rows } from './rows.ts';
import { Unsupported } from './unsupported.ts';

/** Normalization in a policy's form: x = factor · clip((s − mean) / deviation, ±observationClip) + offset. */
export interface ReadNormalizer {
  /** [O] */
  readonly mean: Float64Array;
  /** [O] > 0 */
  readonly deviation: Float64Array;
  readonly observationClip: number;
  /** [O] moved into the first layer's weights if entries have different clips or change their sign */
  readonly factor: Float64Array;
  /** [O] moved into its biases if the limits are not centered on 0 */
  readonly offset: Float64Array;
}

/** The range of a policy's clip; the widest one stands for none: no observation in a game is a million. */
const NARROWEST = 1e-6;
const WIDEST = 1e6;
/** If only some entries are clipped, the others are clipped this many times further out. */
const FAR = 2 ** 20;

/** Reads the normalization of each of the O observation entries from the columns that the first layer sees. */
export function readNormalizer(rows: Rows, size: number): ReadNormalizer {
  const columns = columnsByEntry(rows, size);
  const reachOf = (column: number) => {
    const { low, high } = limitsOf(rows, column);
    return (high - low) / 2;
  };
  let widest = 0;
  for (const column of columns)
    if (column >= 0 && reachOf(column) < Infinity) widest = Math.max(widest, reachOf(column));
  const observationClip = widest > 0 ? Math.min(Math.max(NARROWEST, widest), WIDEST) : WIDEST;
  const read = {
    mean: new Float64Array(size),
    deviation: new Float64Array(size).fill(1),
    factor: new Float64Array(size).fill(1),
    offset: new Float64Array(size),
  };
  columns.forEach((column, entry) => {
    if (column < 0) return;
    const reach = reachOf(column) < Infinity ? reachOf(column) / observationClip : widest > 0 ? FAR : 1;
    const { low, high } = limitsOf(rows, column);
    const middle = high < Infinity ? (low + high) / 2 : 0;
    const scale = rows.scale[column];
    read.mean[entry] = (middle - rows.bias[column]) / scale;
    read.deviation[entry] = reach / Math.abs(scale);
    read.factor[entry] = reach * Math.sign(scale);
    read.offset[entry] = middle;
  });
  return { ...read, observationClip };
}

/** [O] a column that reads each entry, −1 if none does. */
function columnsByEntry(rows: Rows, size: number): Int32Array {
  const columns = new Int32Array(size).fill(-1);
  const { index, scale, bias, low, high } = rows;
  for (let column = 0; column < index.length; column++) {
    if (isConstant(rows, column)) continue;
    const known = columns[index[column]];
    const same = (values: Float64Array | undefined) => values?.[known] === values?.[column];
    if (known >= 0 && !(same(scale) && same(bias) && same(low) && same(high)))
      throw new Unsupported('normalizes one observation in two ways', 'Export it with one normalizer');
    columns[index[column]] = column;
  }
  return columns;
}

function limitsOf({ low, high }: Rows, column: number): { readonly low: number; readonly high: number } {
  const limits = { low: low?.[column] ?? -Infinity, high: high?.[column] ?? Infinity };
  if (limits.low < limits.high && Number.isFinite(limits.low) === Number.isFinite(limits.high)) return limits;
  throw new Unsupported(
    `clips observations to [${limits.low}, ${limits.high}]`,
    'Export it with a lower and a higher limit, or without a clip',
  );
}
