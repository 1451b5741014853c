import { describe, expect, it } from 'vitest';
import { type ParameterSettings, valuesOf } from '../../plugin/core/parameters.ts';

const uniform = { sampler: 'uniform', min: 0, max: 8 } as const;
const settings: ParameterSettings = {
  mass: 2,
  drag: uniform,
  wall: {
    lessons: [
      { name: 'none', value: 0, completion: { measure: 'return', threshold: 0.8 } },
      { name: 'low', value: 4, completion: { measure: 'return', threshold: 0.8 } },
      { name: 'any', value: uniform },
    ],
  },
};

describe('valuesOf', () => {
  it('takes the value of a parameter’s current lesson, and the others as they are', () => {
    expect(valuesOf(settings, { wall: 0 })).toEqual({ mass: 2, drag: uniform, wall: 0 });
    expect(valuesOf(settings, { wall: 1 })).toEqual({ mass: 2, drag: uniform, wall: 4 });
  });

  it('takes the last lesson if none is given', () => {
    expect(valuesOf(settings)).toEqual({ mass: 2, drag: uniform, wall: uniform });
  });
});
