import { describe, expect, it } from 'vitest';
import { adaptKlCoefficient } from '../../plugin/learn/kl-coefficient.ts';

describe('adaptKlCoefficient', () => {
  it.each([
    ['halves below two thirds of the target', 0.006, 2 / 2],
    ['doubles above 1.5 times the target', 0.016, 2 * 2],
    ['stays in between', 0.0149, 2],
    ['stays on the lower edge', 0.01 / 1.5, 2],
    ['stays on the upper edge', 1.5 * 0.01, 2],
  ])('%s', (_, kl, expected) => {
    expect(adaptKlCoefficient(2, kl, 0.01)).toBe(expected);
  });

  it('stays within float32, however long it goes one way', () => {
    let [low, high] = [1, 1];
    for (let update = 0; update < 500; update++) {
      low = adaptKlCoefficient(low, 0, 0.01);
      high = adaptKlCoefficient(high, 1, 0.01);
    }
    expect([low, high]).toEqual([1e-6, 1e6]);
  });
});
