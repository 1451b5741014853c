import { parseJson } from './json-shape.ts';

/** JSON that parseJson() accepts at this depth: spaces spread out long lists of small numbers, which are too dense for it. */
export function writeJson(value: unknown, depth: number): string {
  const dense = JSON.stringify(value);
  return parseJson(dense, depth) === undefined ? JSON.stringify(value, null, 1) : dense;
}
