import { describe, expect, it } from 'vitest';
import { Random } from '../../plugin/core/random.ts';
import { RunningStatistics } from '../../plugin/core/running-statistics.ts';

describe('RunningStatistics', () => {
  it('tracks mean and deviation of each quantity', () => {
    const statistics = seen([1, 10], [2, 10], [6, 40]);
    expect(statistics.count).toBe(3);
    expect(statistics.mean(0)).toBe((1 + 2 + 6) / 3);
    expect(statistics.deviation(0)).toBeCloseTo(Math.sqrt(((1 - 3) ** 2 + (2 - 3) ** 2 + (6 - 3) ** 2) / 3), 14);
    expect(statistics.mean(1)).toBe((10 + 10 + 40) / 3);
    expect(statistics.deviation(1)).toBeCloseTo(Math.sqrt((100 + 100 + 400) / 3), 14);
  });

  it('has mean 0 and deviation 1 before it has seen anything, so that dividing by it is safe', () => {
    const statistics = new RunningStatistics(1);
    expect([statistics.count, statistics.mean(0), statistics.deviation(0)]).toEqual([0, 0, 1]);
  });

  it('has deviation 0 after one vector', () => {
    expect(seen([7]).deviation(0)).toBe(0);
  });

  it('keeps the deviation of small changes of a large number', () => {
    const statistics = seen([1e9 + 1], [1e9 + 2], [1e9 + 3]);
    expect(statistics.deviation(0)).toBeCloseTo(Math.sqrt(2 / 3), 6);
  });

  it('starts from moments without keeping their arrays', () => {
    const moments = seen([1], [3]).moments();
    const statistics = new RunningStatistics(1, moments);
    statistics.add([5]);
    expect([statistics.count, statistics.mean(0)]).toEqual([3, (1 + 3 + 5) / 3]);
    expect([...moments.mean]).toEqual([2]);
  });
});

describe('RunningStatistics.add', () => {
  it('reads a vector from an offset', () => {
    const statistics = new RunningStatistics(2);
    statistics.add(Float32Array.of(0, 1, 2, 3, 4), 2);
    expect([statistics.mean(0), statistics.mean(1)]).toEqual([2, 3]);
  });
});

describe('RunningStatistics.merge', () => {
  it('gives the same as adding everything to one', () => {
    const random = new Random(1);
    const vectors = Array.from({ length: 30 }, () => [random.normal() * 3 + 50, random.uniform()]);
    const [parts, whole] = [seen(...vectors.slice(0, 7)), seen(...vectors)];
    parts.merge(seen(...vectors.slice(7, 9)).moments());
    parts.merge(seen(...vectors.slice(9)).moments());
    expect(parts.count).toBe(30);
    for (const index of [0, 1]) {
      expect(parts.mean(index)).toBeCloseTo(whole.mean(index), 12);
      expect(parts.deviation(index)).toBeCloseTo(whole.deviation(index), 12);
    }
  });

  it('weights both sides by their counts', () => {
    const statistics = seen([0], [0], [0]);
    statistics.merge(seen([4]).moments());
    expect(statistics.mean(0)).toBe((3 * 0 + 4) / 4);
    expect(statistics.deviation(0)).toBe(Math.sqrt((3 * (0 - 1) ** 2 + (4 - 1) ** 2) / 4));
  });

  it('changes nothing if the other is empty', () => {
    const statistics = seen([1], [3]);
    statistics.merge(new RunningStatistics(1).moments());
    expect([statistics.count, statistics.mean(0), statistics.deviation(0)]).toEqual([2, 2, 1]);
  });

  it('copies everything if this one is empty', () => {
    const statistics = new RunningStatistics(1);
    statistics.merge(seen([1], [3]).moments());
    expect([statistics.count, statistics.mean(0), statistics.deviation(0)]).toEqual([2, 2, 1]);
  });
});

describe('RunningStatistics.forget', () => {
  it('keeps mean and deviation, and gives new vectors more weight', () => {
    const statistics = seen([1], [3], [1], [3]);
    statistics.forget(1);
    expect([statistics.count, statistics.mean(0), statistics.deviation(0)]).toEqual([1, 2, 1]);
    statistics.add([6]);
    expect(statistics.mean(0)).toBe((1 * 2 + 6) / 2);
  });

  it('leaves a smaller count alone', () => {
    const statistics = seen([1], [3]);
    statistics.forget(5);
    expect([statistics.count, statistics.deviation(0)]).toEqual([2, 1]);
  });
});

describe('RunningStatistics.moments', () => {
  it('copies count, mean and sum of squared deviations', () => {
    const statistics = seen([1], [3]);
    const moments = statistics.moments();
    statistics.add([100]);
    expect(moments).toEqual({
      count: 2,
      mean: Float64Array.of(2),
      squares: Float64Array.of((1 - 2) ** 2 + (3 - 2) ** 2),
    });
  });
});

describe('RunningStatistics.clear', () => {
  it('starts over from nothing', () => {
    const statistics = seen([1], [3]);
    statistics.clear();
    expect(statistics.moments()).toEqual(new RunningStatistics(1).moments());
  });
});

function seen(...vectors: readonly (readonly number[])[]): RunningStatistics {
  const statistics = new RunningStatistics(vectors[0].length);
  for (const vector of vectors) statistics.add(vector);
  return statistics;
}
