import { afterEach, describe, expect, it } from 'vitest';
import { createGround } from '../../../../bench/ground.ts';
import type { ArticulationSpec } from '../../../../bench/tasks/havok/articulation.ts';
import { HALF_CHEETAH } from '../../../../bench/tasks/havok/half-cheetah.ts';
import { HOPPER } from '../../../../bench/tasks/havok/hopper.ts';
import { JointDrive } from '../../../../bench/tasks/havok/joint-drive.ts';
import type { JointSpec } from '../../../../bench/tasks/havok/link-spec.ts';
import { type OpenArticulation, openArticulation } from './open-task.ts';

describe('JointDrive', () => {
  let open: OpenArticulation;

  afterEach(() => open.dispose());

  /** Steps with torques [N·m] that may change from step to step. */
  function drive(steps: number, torques: (i: number) => readonly number[]): void {
    const joints = new JointDrive(open.body);
    for (let i = 0; i < steps; i++) {
      joints.apply(Float64Array.from(torques(i)));
      open.step();
      joints.settle();
    }
  }

  it('turns two links against each other as their inertia and the armature have it', async () => {
    open = await openArticulation(pair({ armature: 0.3 }), 0.01);
    open.body.place(0, 0);
    drive(10, () => [0.5]);
    const expected = (10 * 0.01 * 0.5) / (inertiaOf(open) + 0.3);
    expect(Math.abs(open.body.speeds[0] - expected)).toBeLessThan(0.03 * expected);
    expect(open.body.spins[0] + open.body.spins[1]).toBeCloseTo(0, 3);
  });

  it('lets a spring swing at √(k / (I + a))', async () => {
    open = await openArticulation(pair({ armature: 0.3, stiffness: 8 }), 1 / 240);
    const { body } = open;
    body.angles[0] = 0.05;
    body.place(0, 0);
    const angles: number[] = [];
    drive(400, () => {
      angles.push(body.angles[0]);
      return [0];
    });
    const crossings = angles.flatMap((angle, i) => (i > 0 && angle * angles[i - 1] < 0 ? [i / 240] : []));
    const half = Math.PI / Math.sqrt(8 / (inertiaOf(open) + 0.3));
    expect(Math.abs(crossings[1] - crossings[0] - half)).toBeLessThan(0.03 * half);
  });

  it('gives the whole no momentum of turning, rotors left out', async () => {
    open = await openArticulation(HOPPER, 0.008);
    const { body } = open;
    body.y = 4;
    body.angles.set([-0.8, -1, 0.2]);
    body.place(0, 0);
    drive(40, (i) => [60 * Math.sin(i / 5), 40 * Math.cos(i / 3), -50 * Math.sin(i / 4)]);
    const turning = Math.max(...body.spins.map(Math.abs));
    expect(turning).toBeGreaterThan(1);
    expect(Math.abs(momentum(open))).toBeLessThan(0.02 * turning);
  });

  it('comes to rest on its feet, and leaves none of them trembling', async () => {
    open = await openArticulation(HALF_CHEETAH, 1 / 60);
    const { body, area } = open;
    createGround(area, { length: 10, width: 1, friction: 2 });
    body.y = 0.7;
    body.place(0, 0);
    drive(240, () => [0, 0, 0, 0, 0, 0]);
    expect(body.y).toBeGreaterThan(0.55);
    expect(Math.max(...body.speeds.map(Math.abs), ...body.spins.map(Math.abs))).toBeLessThan(0.02);
  });

  it('forgets at reset what it owed', async () => {
    open = await openArticulation(HOPPER, 0.008);
    const { body } = open;
    const joints = new JointDrive(body);
    const still = new Float64Array(3);
    const fall = () => {
      body.y = 4;
      body.speedX = body.speedY = 0;
      body.angles.set([-0.8, -1, 0.2]);
      body.speeds.fill(0);
      body.place(0, 0);
      joints.reset();
      joints.apply(still);
      open.step();
      joints.settle();
      return [...body.speeds];
    };
    const first = fall();
    joints.apply(Float64Array.of(200, -200, 200)); // and no step: all of it is owed
    joints.settle();
    fall().forEach((speed, i) => {
      expect(speed).toBeCloseTo(first[i], 3);
    });
  });
});

/** Two rods of 1 m in a line, free in the plane. */
function pair(joint: Partial<JointSpec>): ArticulationSpec {
  return {
    freedom: 'plane',
    origin: [0, 0],
    sense: 1,
    totalMass: 4,
    links: [
      { name: 'left', capsules: [{ from: [-1, 0], to: [0, 0], radius: 0.05 }] },
      {
        name: 'right',
        joint: { on: 'left', at: [0, 0], ...joint },
        capsules: [{ from: [0, 0], to: [1, 0], radius: 0.05 }],
        rotor: (joint.armature ?? 0) / 2,
      },
    ],
  };
}

/**
 * kg·m² that resist when a pair folds into a flat V: either rod turns by half of the angle, and their centers stay where
 * they are, T = 2 · I (q̇/2)² / 2.
 */
function inertiaOf({ body }: OpenArticulation): number {
  return (body.links[0].mass.inertia - (body.links[0].spec.rotor ?? 0)) / 2;
}

/** kg·m²/s around the common center of mass, of what MuJoCo's links would have. */
function momentum({ body }: OpenArticulation): number {
  const parts = body.links.map(({ node, mass, spec }, i) => ({
    mass: mass.mass,
    spin: (mass.inertia - (spec.rotor ?? 0)) * body.spins[i],
    place: node.position,
    velocity: node.physicsBody!.getLinearVelocity(),
  }));
  const total = parts.reduce((sum, part) => sum + part.mass, 0);
  const mean = (pick: (part: (typeof parts)[0]) => number) =>
    parts.reduce((sum, part) => sum + part.mass * pick(part), 0) / total;
  const [x, y] = [mean(({ place }) => place.x), mean(({ place }) => place.y)];
  const [u, v] = [mean(({ velocity }) => velocity.x), mean(({ velocity }) => velocity.y)];
  return parts.reduce(
    (sum, { mass, spin, place, velocity }) =>
      sum + spin + mass * ((place.x - x) * (velocity.y - v) - (place.y - y) * (velocity.x - u)),
    0,
  );
}
