import { describe, expect, it } from 'vitest';
import { formatActuators, formatEnd, formatNumber, formatSensors } from '../../plugin/inspector/format.ts';

describe('formatNumber', () => {
  it.each([
    [0, '0.000'],
    [-0.0004, '0.000'],
    [-0.0005, '−0.001'],
    [9.9949, '9.995'],
    [9.995, '9.99'], // the nearest double is below
    [-34.2, '−34.20'],
    [99.96, '100.0'],
    [999.6, '1000'],
    [25000, '2.5e+4'],
    [Number.NaN, 'NaN'],
    [-Infinity, '−Infinity'],
  ])('writes %d as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe('the sentences of the pane', () => {
  it('say how an episode ended', () => {
    const episode = { outcome: 'terminated', return: -41.2, decisions: 412 } as const;
    expect(formatEnd(episode)).toBe('terminated, 412 decisions');
    expect(formatEnd({ ...episode, decisions: 1 })).toBe('terminated, 1 decision');
  });

  it('say what a layout takes in and gives out', () => {
    expect(formatSensors([{ name: 'ray', size: 1 }])).toBe('1 float: ray 1');
    expect(
      formatSensors([
        { name: 'tilt', size: 2 },
        { name: 'ball', size: 6 },
      ]),
    ).toBe('8 floats: tilt 2, ball 6');
    expect(
      formatActuators([
        { name: 'tilt', continuous: 2, branches: [] },
        { name: 'jump', continuous: 0, branches: [3, 2] },
        { name: 'both', continuous: 1, branches: [4] },
      ]),
    ).toBe('tilt 2 continuous, jump 3×2 choices, both 1 continuous 4 choices');
  });
});
