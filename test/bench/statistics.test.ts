import { describe, expect, it } from 'vitest';
import { deviation, mean } from '../../bench/statistics.ts';

describe('mean', () => {
  it('is the sum over the count', () => {
    expect(mean([1, 2, 6])).toBe(3);
  });
});

describe('deviation', () => {
  it('is a sample’s', () => {
    expect(deviation([1, 3])).toBe(Math.SQRT2); // ((1 − 2)² + (3 − 2)²) / (2 − 1)
  });

  it('is none of one value', () => {
    expect(deviation([7])).toBeNull();
  });
});
