import type { NumberTensor } from './tensor.ts';
import type { Known } from './trace.ts';

/** Larger constants are weights. */
const MOST_NUMBERS = 16;
/** How many distinct numbers are tried, those from the smallest constants first. */
const MOST_VALUES = 48;

/** The numbers that a graph may compare its observation with: its own small constants, including folded ones. */
export function specialValues(values: Iterable<Known>): readonly number[] {
  const small: NumberTensor[] = [];
  for (const value of values)
    if (value.kind === 'constant' && value.tensor.data.length <= MOST_NUMBERS) small.push(value.tensor);
  small.sort((a, b) => a.data.length - b.data.length);
  const all = small.flatMap(({ data }) => Array.from(data, Math.fround)).filter(Number.isFinite);
  return [...new Set(all)].slice(0, MOST_VALUES);
}

/** A number as float32 and its two neighbors, if finite. */
export function withNeighbors(value: number): readonly number[] {
  const float = new Float32Array([value]);
  const bits = new Int32Array(float.buffer);
  const [middle] = float;
  if (!Number.isFinite(middle)) return [];
  if (middle === 0) return [-(2 ** -149), 0, 2 ** -149];
  const [at] = bits;
  return [at - 1, at, at + 1]
    .map((near) => {
      bits[0] = near;
      return float[0];
    })
    .filter(Number.isFinite);
}
