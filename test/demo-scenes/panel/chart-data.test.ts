import { describe, expect, it } from 'vitest';
import { type Columns, chartData, pickRows } from '../../../demo-scenes/panel/charts/chart-data.ts';

describe('pickRows', () => {
  const tens = Float64Array.from({ length: 10 }, (_, i) => 10 * (i + 1)); // 10, 20 … 100

  it('takes every row where there is room for all', () => {
    expect(pickRows(tens, undefined)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(pickRows(new Float64Array(0), undefined)).toEqual([]);
  });

  it('takes a stretch and one row on either side of it, so that lines reach the edges', () => {
    expect(pickRows(tens, { min: 35, max: 62 })).toEqual([2, 3, 4, 5, 6]); // 30, 40, 50, 60, 70
    expect(pickRows(tens, { min: 0, max: 1000 })).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('thins evenly and keeps the last row', () => {
    expect(pickRows(tens, undefined, 4)).toEqual([0, 3, 6, 9]); // strides of ceil(10 / 4) = 3
    expect(pickRows(tens, undefined, 3)).toEqual([0, 4, 8, 9]);
  });
});

describe('chartData', () => {
  const values: Readonly<Record<string, number[]>> = {
    meanReturn: [Number.NaN, 2, 5],
    returnDeviation: [Number.NaN, 0.5, Number.NaN],
  };
  const columns: Columns = {
    length: 3,
    decisions: Float64Array.of(100, 200, 300),
    column: (name) => Float64Array.from(values[name]),
  };
  const format = String;

  it('lays the band around the first line, leaves out what has no value, and draws the goal level', () => {
    const spec = {
      title: 'Mean return',
      about: '',
      lines: [{ curve: 'meanReturn', format }],
      band: 'returnDeviation',
      goal: true,
    } as const;
    expect(chartData(columns, spec, 95)).toEqual([
      [100, 200, 300],
      [null, 2.5, 5], // 2 + 0.5; an unknown deviation counts as none
      [null, 1.5, 5],
      [null, 2, 5],
      [95, 95, 95],
    ]);
    expect(chartData(columns, spec, undefined).at(-1)).toEqual([null, null, null]);
  });

  it('has a column for each line', () => {
    const lines = [
      { curve: 'meanReturn', format },
      { curve: 'returnDeviation', format },
    ] as const;
    expect(chartData(columns, { title: '', about: '', lines }, undefined)).toEqual([
      [100, 200, 300],
      [null, 2, 5],
      [null, 0.5, null],
    ]);
  });
});
