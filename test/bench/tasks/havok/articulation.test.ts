import { afterEach, describe, expect, it } from 'vitest';
import type { ArticulationSpec } from '../../../../bench/tasks/havok/articulation.ts';
import { HALF_CHEETAH } from '../../../../bench/tasks/havok/half-cheetah.ts';
import { type OpenArticulation, openArticulation } from './open-task.ts';

const ROD = { from: [0, 0], to: [0, -0.6], radius: 0.045 } as const;
const PENDULUM: ArticulationSpec = {
  freedom: 'turn',
  origin: [0, 0],
  sense: 1,
  links: [{ name: 'rod', capsules: [ROD] }],
};
/** A rod that hangs from another one. */
const CHAIN: ArticulationSpec = {
  ...PENDULUM,
  links: [
    ...PENDULUM.links,
    {
      name: 'lower',
      joint: { on: 'rod', at: [0, -0.6], range: [-0.5, 1] },
      capsules: [{ from: [0, -0.6], to: [0, -1.2], radius: 0.045 }],
    },
  ],
};

describe('Articulation', () => {
  let open: OpenArticulation;

  afterEach(() => open.dispose());

  it('swings with the period of its length and inertia', async () => {
    open = await openArticulation(PENDULUM, 1 / 240);
    const { body } = open;
    body.place(0.8, 0); // Havok brakes what is slower than 0.13 m/s, and so a smaller swing
    const crossings: number[] = [];
    for (let i = 1; i <= 480; i++) {
      const before = body.turns[0];
      open.step();
      if (before * body.turns[0] < 0) crossings.push(i / 240);
    }
    const { mass, inertia } = body.links[0].mass;
    const small = 2 * Math.PI * Math.sqrt((inertia + mass * 0.3 ** 2) / (mass * 9.81 * 0.3)); // 1.30 s
    const period = small * (1 + 0.8 ** 2 / 16 + (11 * 0.8 ** 4) / 3072);
    expect(Math.abs(crossings[2] - crossings[0] - period)).toBeLessThan(0.02 * period);
  });

  it('gains the spin that a torque gives its inertia around the joint', async () => {
    open = await openArticulation(PENDULUM, 0.01);
    const { body } = open;
    body.place(0, 0);
    body.twist(0, 0.01 * 60); // N·m
    open.step();
    const { mass, inertia } = body.links[0].mass;
    const expected = (0.01 * 60) / (inertia + mass * 0.3 ** 2);
    expect(Math.abs(body.spins[0] - expected)).toBeLessThan(0.03 * expected);
  });

  it('puts links where their angles have them, and moves them as their speeds do', async () => {
    open = await openArticulation(CHAIN, 0.001);
    const { body } = open;
    body.angles[0] = 0.5;
    body.speeds[0] = 2;
    body.place(0.4, -1);
    const lower = body.links[1].node;
    const [x, y] = [0.6 * Math.sin(0.4) + 0.3 * Math.sin(0.9), -0.6 * Math.cos(0.4) - 0.3 * Math.cos(0.9)];
    expect(lower.position.x).toBeCloseTo(x, 6);
    expect(lower.position.y).toBeCloseTo(y, 6);
    open.step();
    // the upper end moves with −1 rad/s, the lower rod turns with −1 + 2 rad/s
    expect(lower.position.x - x).toBeCloseTo(0.001 * (-0.6 * Math.cos(0.4) + 0.3 * Math.cos(0.9)), 4);
    expect(body.spins[0]).toBeCloseTo(-1, 1);
    expect(body.speeds[0]).toBeCloseTo(2, 1);
  });

  it('turns its joints no further than their ranges, the other way round where it counts the other way', async () => {
    for (const sense of [1, -1] as const) {
      open = await openArticulation({ ...CHAIN, sense }, 0.01);
      const { body } = open;
      for (const [push, limit] of [
        [3, 1],
        [-3, -0.5],
      ]) {
        body.angles[0] = 0;
        body.speeds[0] = 0;
        body.place(0, 0);
        for (let i = 0; i < 200; i++) {
          body.twistJoint(0, 0.01 * push * 3);
          open.step();
        }
        expect(body.angles[0]).toBeCloseTo(limit, 1);
      }
      if (sense === 1) open.dispose();
    }
  });

  it('counts whole turns', async () => {
    open = await openArticulation(PENDULUM, 0.01);
    open.body.place(0, 20);
    for (let i = 0; i < 100; i++) open.step();
    expect(open.body.turns[0]).toBeGreaterThan(4 * Math.PI);
  });

  it('stays in its plane and keeps its joints together when it is thrown about', async () => {
    open = await openArticulation(HALF_CHEETAH, 1 / 60);
    const { body } = open;
    body.y = 3;
    body.place(0, 3);
    for (let i = 0; i < 60; i++) {
      for (let j = 0; j < 6; j++) body.twistJoint(j, (0.2 * Math.sin(i + j)) / 6);
      open.step();
    }
    for (const { node, parent, toJoint, toCenter } of body.links) {
      expect(Math.abs(node.position.z)).toBeLessThan(1e-3);
      if (parent < 0) continue;
      const far = body.links[parent].node;
      const here = node.position.subtract(toCenter.applyRotationQuaternion(node.rotationQuaternion!));
      const there = far.position.add(toJoint.applyRotationQuaternion(far.rotationQuaternion!));
      expect(here.subtract(there).length()).toBeLessThan(5e-3);
    }
  });
});
