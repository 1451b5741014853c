import { describe, expect, it } from 'vitest';
import { massOf, tiltedCapsule } from '../../../../bench/tasks/havok/link-spec.ts';

describe('massOf', () => {
  it('weighs a capsule as a cylinder and a sphere', () => {
    const { mass, center, inertia } = massOf([{ from: [1, 0], to: [1, 2], radius: 1 }], 3);
    const [cylinder, sphere] = [3 * Math.PI * 2, 3 * (4 / 3) * Math.PI];
    expect(mass).toBeCloseTo(cylinder + sphere, 10);
    expect(center).toEqual([1, 1]);
    expect(inertia).toBeCloseTo(cylinder * (4 / 12 + 1 / 4) + sphere * (2 / 5 + 6 / 8 + 4 / 4), 10);
  });

  it('weighs a capsule without length as a sphere: 2/5 m r²', () => {
    const { mass, inertia } = massOf([{ from: [0, 0], to: [0, 0], radius: 0.5 }], 1000);
    expect(inertia).toBeCloseTo((2 / 5) * mass * 0.25, 10);
  });

  it('finds the middle of several, and adds what they have around it', () => {
    const one = massOf([{ from: [0, 0], to: [0, 0], radius: 1 }], 1);
    const both = massOf(
      [
        { from: [-3, 1], to: [-3, 1], radius: 1 },
        { from: [3, 1], to: [3, 1], radius: 1 },
      ],
      1,
    );
    expect(both.center).toEqual([0, 1]);
    expect(both.inertia).toBeCloseTo(2 * one.inertia + 2 * one.mass * 9, 10);
  });
});

describe('tiltedCapsule', () => {
  it('stands upright at 0, and leans ahead by a positive angle', () => {
    expect(tiltedCapsule([1, 2], 0, 0.5, 0.1)).toEqual({ from: [1, 1.5], to: [1, 2.5], radius: 0.1 });
    const { to } = tiltedCapsule([0, 0], Math.PI / 6, 2, 0.1);
    expect(to[0]).toBeCloseTo(2 * 0.5, 10);
    expect(to[1]).toBeCloseTo(2 * Math.sqrt(0.75), 10);
  });
});
