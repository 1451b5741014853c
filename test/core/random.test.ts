import { describe, expect, it } from 'vitest';
import { Random } from '../../plugin/core/random.ts';

/** Draws behind each statistic below; the bounds are five standard errors for this number. */
const DRAWS = 20_000;

describe('Random', () => {
  it('repeats its stream from the same seeds', () => {
    expect(draw(20, new Random(7, 3))).toEqual(draw(20, new Random(7, 3)));
  });

  it.each([
    ['another seed', [1], [2]],
    ['the same seeds in another order', [1, 2], [2, 1]],
    ['an extra seed', [1], [1, 0]],
    ['a leading zero', [1], [0, 1]],
    ['no seed', [], [0]],
    ['a negative seed', [1], [-1]],
    ['seeds of the same sum', [1, 4], [2, 3]],
  ])('has a different stream for %s', (_, seeds, others) => {
    expect(draw(4, new Random(...seeds))).not.toEqual(draw(4, new Random(...others)));
  });

  it('starts differently for every pair of 40 runs and 40 areas', () => {
    const begins = new Set<number>();
    for (let run = 0; run < 40; run++)
      for (let area = 0; area < 40; area++) begins.add(new Random(run, area).uniform());
    expect(begins.size).toBe(40 * 40);
  });

  it('has uncorrelated streams for neighboring seeds', () => {
    const [a, b] = [draw(DRAWS, new Random(1, 0)), draw(DRAWS, new Random(1, 1))];
    const covariance = mean(a.map((x, i) => (x - 0.5) * (b[i] - 0.5)));
    expect(Math.abs(covariance * 12)).toBeLessThan(5 / Math.sqrt(DRAWS)); // correlation: covariance / variance of 1/12
  });
});

describe('Random.uniform', () => {
  it('stays in [0, 1) and is evenly distributed', () => {
    const values = draw(DRAWS, new Random(11));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(Math.abs(mean(values) - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / DRAWS));
    expect(Math.abs(moment(values, 2) - 1 / 12)).toBeLessThan(5 * Math.sqrt((1 / 80 - 1 / 144) / DRAWS));
  });

  it('does not predict the next draw', () => {
    const values = draw(DRAWS, new Random(12));
    const covariance = mean(values.slice(1).map((x, i) => (x - 0.5) * (values[i] - 0.5)));
    expect(Math.abs(covariance * 12)).toBeLessThan(5 / Math.sqrt(DRAWS));
  });
});

describe('Random.between', () => {
  it('scales one uniform draw to [low, high)', () => {
    const [stretched, uniform] = [new Random(3), new Random(3)];
    for (let i = 0; i < 10; i++) expect(stretched.between(-2, 6)).toBe(-2 + (6 - -2) * uniform.uniform());
  });
});

describe('Random.integer', () => {
  it('draws each of its values equally often', () => {
    const random = new Random(5);
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < DRAWS; i++) counts[random.integer(6)]++;
    const error = Math.sqrt((DRAWS * (1 / 6) * 5) / 6);
    expect(counts).toHaveLength(6); // a value outside [0, 6) would add an entry
    for (const count of counts) expect(Math.abs(count - DRAWS / 6)).toBeLessThan(5 * error);
  });

  it('is 0 if that is the only value', () => {
    expect(new Random(5).integer(1)).toBe(0);
  });
});

describe('Random.normal', () => {
  it('has the mean, variance, skewness and kurtosis of the standard normal distribution', () => {
    const random = new Random(9);
    const values = Array.from({ length: DRAWS }, () => random.normal());
    const variance = moment(values, 2);
    expect(Math.abs(mean(values))).toBeLessThan(5 * Math.sqrt(1 / DRAWS));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / DRAWS));
    expect(Math.abs(moment(values, 3) / variance ** 1.5)).toBeLessThan(5 * Math.sqrt(6 / DRAWS));
    expect(Math.abs(moment(values, 4) / variance ** 2 - 3)).toBeLessThan(5 * Math.sqrt(24 / DRAWS));
    expect(values.every(Number.isFinite)).toBe(true);
  });

  it('takes two draws from the stream', () => {
    const [normal, uniform] = [new Random(4), new Random(4)];
    normal.normal();
    uniform.uniform();
    uniform.uniform();
    expect(normal.uniform()).toBe(uniform.uniform());
  });
});

describe('Random.shuffle', () => {
  it('keeps every entry and moves some', () => {
    const order = Int32Array.from({ length: 50 }, (_, i) => i);
    new Random(2).shuffle(order);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect([...order]).not.toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it('produces each of the six orders of three equally often', () => {
    const random = new Random(8);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = Int32Array.of(0, 1, 2);
      random.shuffle(order);
      counts.set(order.join(), (counts.get(order.join()) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt((6000 * 5) / 36));
  });
});

function draw(count: number, random: Random): number[] {
  return Array.from({ length: count }, () => random.uniform());
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The central moment of `order`. */
function moment(values: readonly number[], order: number): number {
  const center = mean(values);
  return mean(values.map((value) => (value - center) ** order));
}
