import { describe, expect, it } from 'vitest';
import { Random } from '../../plugin/core/random.ts';
import { drawValue, type ParameterValue } from '../../plugin/core/sampler.ts';

const draw = (value: ParameterValue, count: number): number[] => {
  const random = new Random(7);
  return Array.from({ length: count }, () => drawValue(value, random));
};
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('drawValue', () => {
  it.each([[3], [{ sampler: 'constant', value: 3 }]] as const)(
    'returns the value of %j and leaves the stream untouched',
    (value) => {
      const random = new Random(1);
      expect(drawValue(value, random)).toBe(3);
      expect(random.uniform()).toBe(new Random(1).uniform());
    },
  );

  it('draws evenly from min to max', () => {
    const drawn = draw({ sampler: 'uniform', min: 2, max: 6 }, 4000);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...drawn)).toBeLessThan(6);
    expect(mean(drawn)).toBeCloseTo((2 + 6) / 2, 1);
    expect(drawn.filter((value) => value < 3).length / 4000).toBeCloseTo(1 / 4, 1);
  });

  it('draws around the mean with the deviation', () => {
    const drawn = draw({ sampler: 'gaussian', mean: -5, deviation: 2 }, 4000);
    expect(mean(drawn)).toBeCloseTo(-5, 0);
    expect(Math.sqrt(mean(drawn.map((value) => (value + 5) ** 2)))).toBeCloseTo(2, 0);
  });

  it('picks an interval in proportion to its length, and nothing between intervals', () => {
    const drawn = draw(
      {
        sampler: 'multirangeuniform',
        intervals: [
          [0, 1],
          [10, 13],
        ],
      },
      4000,
    );
    const second = drawn.filter((value) => value >= 10 && value < 13);
    expect(drawn.filter((value) => value >= 0 && value < 1).length + second.length).toBe(4000);
    expect(second.length / 4000).toBeCloseTo(3 / (1 + 3), 1);
    expect(mean(second)).toBeCloseTo(11.5, 1);
  });

  it('repeats its draws from the same seed', () => {
    const uniform = { sampler: 'uniform', min: 0, max: 1 } as const;
    expect(draw(uniform, 5)).toEqual(draw(uniform, 5));
    expect(new Set(draw(uniform, 5)).size).toBe(5);
  });
});
