import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pushBlock } from '../../demo-scenes/push-block/environment.ts';
import { respawn } from '../../plugin/index.ts';
import { runtimeOf } from '../../plugin/scene/agent-runtime.ts';
import { describeEnvironmentContract } from '../../plugin/testing/index.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

const [REST, FORWARD, BACK, RIGHT_TURN, LEFT_TURN, LEFT, RIGHT] = [0, 1, 2, 3, 4, 5, 6];
/** floats of a ray: block, goal, wall, miss, distance; and of the 7 rays of a sensor at one decision */
const RAY = 5;
const FAN = 7 * RAY;

describeEnvironmentContract(pushBlock);

describe('push-block', () => {
  let world: HeadlessWorld;

  beforeEach(async () => {
    world = await HeadlessWorld.create(pushBlock, { count: 1, seeds: [1] });
  });

  afterEach(() => world.dispose());

  const area = () => world.clock.areas[0];
  const agent = () => world.rows.agents[0];

  function decide(choice: number): void {
    world.clock.observe();
    world.rows.action[0] = choice;
    world.step();
  }

  /** Toward the goal, of length 1. */
  function goalDirection(): Vector3 {
    const { x, z } = area().find('goal').position;
    return new Vector3(x, 0, z).normalize();
  }

  /** Puts the cube 3 m behind the block, both on the line to the goal and looking at it. */
  function lineUp(blockAt: number): void {
    const toward = goalDirection();
    const rotation = Quaternion.RotationYawPitchRoll(Math.atan2(toward.x, toward.z), 0, 0);
    respawn(area().find('block'), { position: toward.scale(blockAt).addInPlaceFromFloats(0, 0.375, 0), rotation });
    respawn(area().find('cube'), { position: toward.scale(blockAt - 3).addInPlaceFromFloats(0, 0.5, 0), rotation });
  }

  /** The newest floats of a sensor's ray. */
  function ray(sensor: 'low' | 'high', i: number): number[] {
    const at = (sensor === 'low' ? 2 : 5) * FAN + i * RAY;
    return [...world.rows.observation.slice(at, at + RAY)];
  }

  it('observes 210 floats and chooses one of 7 moves, every 5 steps of 0.02 s, for 1000 decisions', () => {
    expect(world.rows.layout).toEqual({
      sensors: [
        { name: 'low-x3', size: 105 },
        { name: 'high-x3', size: 105 },
      ],
      actuators: [{ name: 'moves', continuous: 0, branches: [7] }],
    });
    expect(pushBlock).toMatchObject({ timeStep: 0.02, decisionPeriod: 5, maxDecisions: 1000 });
  });

  it('sees the block below, and over it the goal', () => {
    lineUp(0);
    world.clock.observe();
    const low = ray('low', 0);
    expect(low.slice(0, 4)).toEqual([1, 0, 0, 0]);
    expect(low[4] * 12).toBeCloseTo(3 - 1 - 0.5, 1); // to the block's side, less the ball's radius
    const high = ray('high', 0);
    expect(high.slice(0, 4)).toEqual([0, 1, 0, 0]);
    expect(high[4] * 12).toBeGreaterThan(3 + 8.35 - 0.5);
  });

  it('ends with +5 once the block is at the goal, after −1/5000 for every step', () => {
    lineUp(0);
    const rewards: number[] = [];
    while (agent().active && rewards.length < 100) {
      decide(FORWARD);
      rewards.push(runtimeOf(agent()).takeReward());
    }
    expect(agent().outcome).toBe('terminated');
    expect(rewards[0]).toBeCloseTo(-5 / 5000, 6);
    expect(rewards.at(-1)).toBeGreaterThan(5 - 5 / 5000 - 1e-6);
    expect(rewards.length).toBeGreaterThan(5);
    expect(rewards.length).toBeLessThan(20);
  });

  it('gets nothing for going to the goal without the block', () => {
    const toward = goalDirection();
    lineUp(0);
    respawn(area().find('block'), { position: toward.scale(-6).addInPlaceFromFloats(0, 0.375, 0) });
    for (let i = 0; i < 30; i++) decide(FORWARD);
    expect(agent().active).toBe(true);
    const cube = area().find('cube').position;
    expect(Vector3.Dot(cube, toward)).toBeCloseTo(8.35 - 0.5, 1); // the goal is in its way
  });

  it('pushes the block straight, even by a corner', () => {
    lineUp(0);
    const toward = goalDirection();
    const aside = new Vector3(toward.z, 0, -toward.x).scaleInPlace(1.2);
    const cube = area().find('cube');
    respawn(cube, {
      position: toward.scale(-3).addInPlace(aside).addInPlaceFromFloats(0, 0.5, 0),
      rotation: cube.rotationQuaternion!.clone(),
    });
    const block = area().find('block');
    const before = block.rotationQuaternion!.clone();
    for (let i = 0; i < 8 && agent().active; i++) decide(FORWARD);
    expect(Vector3.Dot(block.position, toward)).toBeGreaterThan(1);
    expect(block.rotationQuaternion!.equalsWithEpsilon(before, 1e-3)).toBe(true);
    expect(block.position.y).toBeCloseTo(0.375, 1);
  });

  it('turns by 4° a step, to the right and to the left, and keeps still when it rests', () => {
    const cube = area().find('cube');
    const yaw = () => cube.absoluteRotationQuaternion.toEulerAngles().y;
    const turned = (from: number) => Math.sin(yaw() - from);
    cube.computeWorldMatrix(true);
    const start = yaw();
    decide(RIGHT_TURN);
    cube.computeWorldMatrix(true);
    expect(turned(start)).toBeCloseTo(Math.sin((20 * Math.PI) / 180), 3);
    decide(LEFT_TURN);
    decide(REST);
    cube.computeWorldMatrix(true);
    expect(turned(start)).toBeCloseTo(0, 3);
  });

  it('moves ahead and back by the same, and three quarters of that to the sides', () => {
    const speeds = [FORWARD, BACK, LEFT, RIGHT].map((move) => {
      lineUp(0);
      const cube = area().find('cube');
      respawn(cube, { position: new Vector3(0, 0.5, 0), rotation: cube.rotationQuaternion!.clone() });
      respawn(area().find('block'), { position: goalDirection().scale(-6).addInPlaceFromFloats(0, 0.375, 0) });
      decide(move);
      const toward = goalDirection();
      const velocity = cube.physicsBody!.getLinearVelocity();
      const aside = velocity.x * toward.z - velocity.z * toward.x;
      return [Vector3.Dot(velocity, toward), aside];
    });
    const [ahead] = speeds[0];
    expect(ahead).toBeGreaterThan(10);
    expect(speeds[1][0]).toBeCloseTo(-ahead, 1);
    expect(speeds[2][1]).toBeLessThan(-0.7 * ahead);
    expect(speeds[2][1]).toBeGreaterThan(-0.8 * ahead);
    expect(speeds[3][1]).toBeCloseTo(-speeds[2][1], 1);
  });

  it('starts with the goal on any side, and block and cube apart from it and from each other', () => {
    const sides = new Set<string>();
    for (let i = 0; i < 100; i++) {
      area().begin();
      const toward = goalDirection();
      sides.add(`${Math.round(toward.x)} ${Math.round(toward.z)}`);
      const block = area().find('block').position;
      const cube = area().find('cube').position;
      for (const { x, z } of [block, cube]) expect(Math.max(Math.abs(x), Math.abs(z))).toBeLessThanOrEqual(6.25);
      for (const place of [block, cube]) expect(Vector3.Dot(place, toward)).toBeLessThanOrEqual(8.35 - 2.5);
      const apart = Math.max(Math.abs(block.x - cube.x), Math.abs(block.z - cube.z));
      expect(apart).toBeGreaterThanOrEqual(3.5 - 1e-4);
    }
    expect(sides).toEqual(new Set(['0 1', '1 0', '0 -1', '-1 0']));
  });
});
