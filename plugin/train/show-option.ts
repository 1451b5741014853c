import { describeValue } from '../core/options.ts';
import { show } from '../policy/json-shape.ts';

/** Whatever a caller may have passed in a few characters, what JSON cannot tell as well: BigInts, functions, circles. */
export function showOption(value: unknown): string {
  if (typeof value === 'bigint') return `the BigInt ${value}`;
  if (typeof value === 'function' || typeof value === 'symbol') return describeValue(value);
  try {
    return show(value);
  } catch {
    return Array.isArray(value) ? 'a list that JSON cannot hold' : describeValue(value);
  }
}
