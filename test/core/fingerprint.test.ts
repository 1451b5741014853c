import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../plugin/core/fingerprint.ts';

describe('fingerprint', () => {
  it('is FNV-1a over words', () => {
    expect(fingerprint([])).toBe(0x811c9dc5);
    const one = 0x3f800000; // the bits of 1
    expect(fingerprint([Float32Array.of(1)])).toBe(Math.imul(0x811c9dc5 ^ one, 0x01000193));
    expect(fingerprint([Uint8Array.of(7)])).toBe(Math.imul(0x811c9dc5 ^ 7, 0x01000193));
  });

  it('differs for columns that differ in one bit, in order, or in the sign of a zero', () => {
    const columns = [[1, 2], [2, 1], [1, 2.0000002384185791], [0, 0], [0, -0], [0]];
    const prints = columns.map((values) => fingerprint([Float32Array.from(values)]));
    expect(new Set(prints).size).toBe(columns.length);
  });

  it('reads a column in the middle of a buffer', () => {
    const all = Float32Array.of(9, 1, 2, 9);
    expect(fingerprint([all.subarray(1, 3)])).toBe(fingerprint([Float32Array.of(1, 2)]));
  });
});
