import { describe, expect, it } from 'vitest';
import { CURVES, type CurvePoint, Curves } from '../../../demo-scenes/run/curves.ts';

/** A point whose every number tells where it belongs: point 3 has 3.01 in the first curve, 3.02 in the second … */
function point(i: number): CurvePoint {
  const values = Object.fromEntries(CURVES.map((name, column) => [name, i + (column + 1) / 100]));
  return { decisions: 10 * i, seconds: i / 2, ...values } as CurvePoint;
}

function curvesOf(count: number): Curves {
  const curves = new Curves();
  for (let i = 1; i <= count; i++) curves.add(point(i));
  return curves;
}

function allOf(curves: Curves): readonly Float64Array[] {
  return [curves.decisions, curves.seconds, ...CURVES.map((name) => curves.column(name))];
}

describe('Curves', () => {
  it('holds one point an update', () => {
    const curves = curvesOf(3);
    expect(curves.length).toBe(3);
    expect(curves.decisions).toEqual(Float64Array.of(10, 20, 30));
    expect(curves.seconds).toEqual(Float64Array.of(0.5, 1, 1.5));
    expect(curves.column('meanReturn')).toEqual(Float64Array.of(1.01, 2.01, 3.01));
    expect(curves.column('learningRate')).toEqual(Float64Array.of(1.1, 2.1, 3.1));
  });

  it('has NaN where there is no value yet', () => {
    const curves = new Curves();
    curves.add({ ...point(1), meanReturn: null });
    expect(curves.column('meanReturn')).toEqual(Float64Array.of(Number.NaN));
    expect(curves.column('returnDeviation')).toEqual(Float64Array.of(1.02));
  });

  it('grows past its first room', () => {
    const curves = curvesOf(1000);
    expect(curves.length).toBe(1000);
    expect(curves.decisions[999]).toBe(10_000);
    expect(curves.column('entropy')[300]).toBe(301.06);
  });

  it('drops the points after so many decisions', () => {
    const curves = curvesOf(5);
    curves.truncate(30);
    expect(curves.decisions).toEqual(Float64Array.of(10, 20, 30));
    curves.truncate(29);
    curves.add(point(7));
    expect(curves.decisions).toEqual(Float64Array.of(10, 20, 70));
    curves.truncate(0);
    expect(curves.length).toBe(0);
  });
});

describe('Curves.parse', () => {
  it.each([0, 1, 300])('reads back %i points to the last bit', (count) => {
    const curves = curvesOf(count);
    if (count > 0) curves.add({ ...point(count + 1), meanReturn: null });
    const parsed = Curves.parse(curves.serialize()) as Curves;
    expect(allOf(parsed)).toEqual(allOf(curves));
    parsed.add(point(9));
    expect(parsed.length).toBe(curves.length + 1);
  });

  it('takes 96 bytes a point', () => {
    expect(curvesOf(300).serialize().length - curvesOf(200).serialize().length).toBe(100 * 8 * 12);
  });

  it('reads a file inside of other bytes', () => {
    const file = curvesOf(3).serialize();
    const around = new Uint8Array(file.length + 10);
    around.set(file, 5);
    expect(allOf(Curves.parse(around.subarray(5, 5 + file.length)) as Curves)).toEqual(allOf(curvesOf(3)));
  });

  it('refuses what is cut off or something else', () => {
    const file = curvesOf(3).serialize();
    for (const bytes of [
      file.subarray(0, file.length - 8),
      file.subarray(0, 20),
      new Uint8Array(3),
      new Uint8Array(500),
    ])
      expect(Curves.parse(bytes)).toBeUndefined();
  });
});
