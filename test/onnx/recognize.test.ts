import { describe, expect, it } from 'vitest';
import { evaluate, type Recognized, recognize } from '../../plugin/onnx/recognize.ts';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);
const elu = (alpha: number) => (x: number) => (x > 0 ? x : alpha * Math.expm1(x));
/** A function with one activation, and `factor` and `slope` around it. */
const one = (activation: string, factor: number, slope: number, bias = 0) => ({
  linear: 0,
  bias: expect.closeTo(bias, 9),
  units: [
    { activation, factor: expect.closeTo(factor, 6), slope: expect.closeTo(slope, 6), shift: expect.closeTo(0, 9) },
  ],
});

describe('recognize', () => {
  it.each([
    ['tanh', Math.tanh, one('tanh', 1, 1)],
    [
      'tanh by exponentials',
      (x: number) => (Math.exp(x) - Math.exp(-x)) / (Math.exp(x) + Math.exp(-x)),
      one('tanh', 1, 1),
    ],
    ['a sigmoid, ½ tanh(x / 2) + ½', sigmoid, one('tanh', 0.5, 0.5, 0.5)],
    ['2 tanh(x / 3) + 1', (x: number) => 2 * Math.tanh(x / 3) + 1, one('tanh', 2, 1 / 3, 1)],
    ['relu', (x: number) => Math.max(x, 0), one('relu', 1, 1)],
    ['swish', (x: number) => x * sigmoid(x), one('swish', 1, 1)],
    ['a swish of slope 1.7, swish(1.7 x) / 1.7', (x: number) => x * sigmoid(1.7 * x), one('swish', 1 / 1.7, 1.7)],
    ['elu', elu(1), one('elu', 1, 1)],
    ['celu of α = ½, ½ elu(2 x)', (x: number) => 0.5 * elu(1)(2 * x), one('elu', 0.5, 2)],
  ] as [string, (x: number) => number, Recognized][])('recognizes %s', (_, apply, expected) => {
    expect(recognize(apply)).toEqual(expected);
  });

  it.each([
    ['a leaky relu', (x: number) => (x < 0 ? 0.01 * x : x), 2],
    ['an absolute value', Math.abs, 2],
    ['a clip to [−1, 2]', (x: number) => clamp(x, -1, 2), 2],
    ['a hard sigmoid', (x: number) => clamp(x / 6 + 0.5, 0, 1), 2],
    ['a relu that points down', (x: number) => -Math.max(0.3 - x, 0), 1],
  ])('splits %s into relus', (_, apply, units) => {
    const found = recognize(apply);
    expect(found?.units.map(({ activation }) => activation)).toEqual(new Array(units).fill('relu'));
    for (const x of [-50, -3, -0.99, -0.2, 0, 0.1, 1.7, 2.4, 99])
      expect(evaluate(found as Recognized, x)).toBeCloseTo(apply(x), 9);
  });

  it('recognizes a straight line', () => {
    expect(recognize((x) => 2 * x - 3)).toEqual({ linear: 2, bias: -3, units: [] });
  });

  it.each([-1, 999, 0.1])('checks a function at %d, which it compares with, and right next to it', (point) => {
    const float = Math.fround(point);
    const hole = (x: number) => (x === float ? 0 : 2 * x);
    const beside = (x: number) => (x > float && x < float + 1e-4 * Math.abs(float) ? 0 : 2 * x);
    expect(recognize(hole, [point])).toBeUndefined();
    expect(recognize(beside, [point])).toBeUndefined();
    expect(recognize((x) => 2 * x, [point])).toEqual({ linear: 2, bias: 0, units: [] });
  });

  it.each([
    ['an elu of α = ½', elu(0.5)],
    ['a softplus', (x: number) => Math.log1p(Math.exp(x))],
    ['a step', (x: number) => (x > 0 ? 1 : 0)],
    ['a square', (x: number) => x * x],
    ['a clip too narrow to see', (x: number) => clamp(x, -0.001, 0.002)],
    ['a line that ends a thousand away', (x: number) => clamp(x, -1000, 1000)],
    ['no number', () => Number.NaN],
  ])('does not recognize: %s', (_, apply) => {
    expect(recognize(apply)).toBeUndefined();
  });
});
