import { describe, expect, it } from 'vitest';
import { formatCount, formatFigure, formatSeconds, formatShare } from '../../../demo-scenes/panel/format.ts';

describe('formatFigure', () => {
  it.each([
    [12_345.6, '12,346'],
    [812.4, '812'],
    [98.24, '98.2'],
    [6.789, '6.79'],
    [0, '0.00'],
    [-0.5, '-0.500'],
    [0.01234, '0.0123'],
    [0.00322, '0.0032'],
    [0.0000123, '1.2e-5'],
    [null, '–'],
    [Number.NaN, '–'],
  ])('shows the digits of %s that count', (value, text) => {
    expect(formatFigure(value)).toBe(text);
  });
});

describe('the other formats', () => {
  it('group counts', () => expect(formatCount(176_128.4)).toBe('176,128'));

  it('say shares in hundreds', () => {
    expect([0, 0.04321, 0.5, 1].map(formatShare)).toEqual(['0.0 %', '4.3 %', '50 %', '100 %']);
  });

  it('say times in the two largest units', () => {
    expect([0, 8.4, 200, 7500].map(formatSeconds)).toEqual(['0 s', '8 s', '3 min 20 s', '2 h 5 min']);
  });
});
