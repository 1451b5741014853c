import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { describe, expect, it } from 'vitest';
import { FreeInertia, type Heavy } from '../../../../bench/tasks/havok/free-inertia.ts';

/** A link of 0.5 kg·m². */
function link(mass: number, parent: number, toJoint: number, toCenter: number): Heavy {
  return {
    mass: { mass, center: [0, 0], inertia: 0.5 },
    parent,
    toJoint: new Vector3(toJoint, 0, 0),
    toCenter: new Vector3(toCenter, 0, 0),
  };
}

/** H [L, L] of links turned by so many rad. */
function inertiaOf(links: readonly Heavy[], ...turns: number[]): number[] {
  const out = new Float64Array(links.length ** 2);
  new FreeInertia(links).write(out, Float64Array.from(turns, Math.cos), Float64Array.from(turns, Math.sin));
  return [...out];
}

describe('FreeInertia', () => {
  it('is that of the link itself when there is one', () => {
    expect(inertiaOf([link(7, -1, 0, 3)], 1.2)).toEqual([0.5]);
  });

  it('holds the links’ swing around the common center, and how it pulls the other along', () => {
    // two of 1 kg, hinged 1 m from either center: each center lies half of every such meter from the common one
    const pair = [link(1, -1, 0, 0), link(1, 0, 1, 1)];
    const straight = inertiaOf(pair, 0.3, 0.3);
    expect(straight[0]).toBeCloseTo(0.5 + 2 * 0.25, 12);
    expect(straight[3]).toBeCloseTo(0.5 + 2 * 0.25, 12);
    expect(straight[2]).toBeCloseTo(2 * 0.25, 12);
    expect(inertiaOf(pair, 0, Math.PI / 2)[2]).toBeCloseTo(0, 12);
    expect(inertiaOf(pair, 0, Math.PI)[2]).toBeCloseTo(-2 * 0.25, 12);
  });

  it('knows on which side a bent arm pulls', () => {
    const bent = [link(1, -1, 0, 0), { ...link(1, 0, 0, 1), toJoint: new Vector3(0, 1, 0) }];
    // turned by 90° against each other, one way or the other, the arms are parallel or opposite
    expect(inertiaOf(bent, 0, Math.PI / 2)[2]).toBeCloseTo(0.5, 12);
    expect(inertiaOf(bent, 0, -Math.PI / 2)[2]).toBeCloseTo(-0.5, 12);
  });
});
