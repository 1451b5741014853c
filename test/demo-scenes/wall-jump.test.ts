import { readFileSync } from 'node:fs';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wallJump } from '../../demo-scenes/wall-jump/environment.ts';
import { overlaps } from '../../demo-scenes/wall-jump/surface.ts';
import { respawn } from '../../plugin/index.ts';
import { runtimeOf } from '../../plugin/scene/agent-runtime.ts';
import { describeEnvironmentContract } from '../../plugin/testing/index.ts';
import { evaluatePolicies } from '../../workers/evaluate-policies.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

/** what is chosen in the four branches: ahead or back, turn, side, jump */
type Choice = readonly [number, number, number, number];
const REST: Choice = [0, 0, 0, 0];
const AHEAD: Choice = [1, 0, 0, 0];
const AHEAD_AND_JUMP: Choice = [1, 0, 0, 1];
const JUMP: Choice = [0, 0, 0, 1];
/** floats of a ray: wall, goal, block, miss, distance; and of the 7 rays of a sensor at one decision */
const RAY = 5;
const FAN = 7 * RAY;
/** m: half of what the cube and the block measure from their middle down */
const CUBE = 0.5;
const BLOCK = 1;
/** m, where the wall's near side is, and a block that touches it */
const WALL = 2.02 - 0.75;
const AT_WALL = WALL - 1.5;

describeEnvironmentContract(wallJump);

describe('wall-jump', () => {
  let world: HeadlessWorld;

  beforeEach(async () => {
    world = await HeadlessWorld.create(wallJump, { count: 1, seeds: [1] });
  });

  afterEach(() => world.dispose());

  const area = () => world.clock.areas[0];
  const agent = () => area().agents[0];
  const cube = () => area().find('cube');
  const block = () => area().find('block');
  const wallTop = () => area().find('wall').position.y + 2;

  /** Begins episodes until there is one with a wall of such a height [m]. */
  function beginWith(height: number): void {
    do area().begin();
    while (Math.abs(Math.max(wallTop(), 0) - height) > 0.02);
  }

  /** Puts the cube and the block somewhere on the floor, at rest, the cube looking at the wall. */
  function place(at: {
    readonly cube: readonly [x: number, z: number];
    readonly block: readonly [x: number, z: number];
  }) {
    respawn(cube(), { position: new Vector3(at.cube[0], CUBE, at.cube[1]) });
    respawn(block(), { position: new Vector3(at.block[0], BLOCK, at.block[1]) });
  }

  function decide(choice: Choice): void {
    world.clock.observe();
    for (const { action } of world.clock.policyRows) action.set(choice);
    world.step();
  }

  /** Acts until the episode is over, or for so many decisions; gives back what it returned. */
  function live(choose: () => Choice, decisions = 100): number {
    for (let i = 0; i < decisions && agent().active; i++) {
      decide(choose());
      runtimeOf(agent()).takeReward();
    }
    return agent().episodeReturn;
  }

  /** The newest floats of a sensor's ray. */
  function ray(sensor: 'low' | 'high', i: number): number[] {
    world.clock.observe();
    const at = (sensor === 'low' ? 5 : 11) * FAN + i * RAY;
    return [...world.rowsOf(agent().policy).observation.slice(at, at + RAY)];
  }

  it('observes 444 floats and makes four choices, every 5 steps of 0.02 s, for 400 decisions, for either policy', () => {
    expect(world.clock.policyRows.map(({ policy }) => policy)).toEqual(['small-wall', 'big-wall']);
    for (const { layout } of world.clock.policyRows) {
      expect(layout).toEqual({
        sensors: [
          { name: 'low-x6', size: 210 },
          { name: 'high-x6', size: 210 },
          { name: 'place-x6', size: 24 },
        ],
        actuators: [{ name: 'moves', continuous: 0, branches: [3, 3, 3, 2] }],
      });
    }
    expect(wallJump).toMatchObject({ timeStep: 0.02, decisionPeriod: 5, maxDecisions: 400 });
  });

  it('has no wall in a fifth of its episodes and a small one in another, for one policy, and a big one for the other', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 1000; i++) {
      area().begin();
      const kind = `${agent().policy} ${Math.max(wallTop(), 0).toFixed(2)}`;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(['big-wall 3.55', 'small-wall 0.00', 'small-wall 1.55']);
    expect(counts.get('big-wall 3.55')).toBeGreaterThan(550);
    expect(counts.get('big-wall 3.55')).toBeLessThan(650);
    expect(counts.get('small-wall 1.55')).toBeGreaterThan(160);
    expect(counts.get('small-wall 1.55')).toBeLessThan(240);
  });

  it('starts with the cube on its line, and the block before the wall', () => {
    for (let i = 0; i < 200; i++) {
      area().begin();
      expect(cube().position.z).toBe(-8);
      expect(Math.abs(cube().position.x)).toBeLessThanOrEqual(9);
      expect(Math.abs(block().position.x)).toBeLessThanOrEqual(8.1);
      expect(block().position.z).toBeGreaterThanOrEqual(-5.77);
      expect(block().position.z).toBeLessThanOrEqual(wallTop() > 0 ? AT_WALL : 1.23);
    }
  });

  it('starts with the block at the wall where its stretch is shallow', () => {
    area().setParameters({ smallWall: 1.55, bigWall: 3.55, blockDepth: 1.4 });
    beginWith(3.55);
    for (let i = 0; i < 20; i++, beginWith(3.55)) expect(block().position.z).toBeCloseTo(AT_WALL, 1);
  });

  it('sees block and wall below, the goal past them where it is, and over a small wall what is behind', () => {
    beginWith(3.55);
    place({ cube: [0, -5], block: [0, -1] });
    let [wall, goal, seen, miss, distance] = ray('low', 0);
    expect([wall, goal, seen, miss]).toEqual([0, 0, 1, 0]);
    expect(distance * 20).toBeCloseTo(4 - 1.5 - 0.5, 1); // to the block's side, less the ball's radius
    [wall, goal, seen, miss] = ray('high', 0);
    expect([wall, goal, seen, miss]).toEqual([1, 0, 0, 0]); // 3.78 m high at the wall, less the ball's radius
    beginWith(1.55);
    place({ cube: [6.37, -5], block: [-6, -1] });
    expect(ray('low', 0).slice(0, 4)).toEqual([1, 0, 0, 0]);
    expect(ray('high', 0).slice(0, 4)).toEqual([0, 1, 0, 0]);
  });

  it('jumps 2.7 m high, and comes down again', () => {
    beginWith(0);
    place({ cube: [0, -5], block: [6, -1] });
    let highest = 0;
    for (let i = 0; i < 6; i++) {
      decide(i === 0 ? JUMP : REST);
      highest = Math.max(highest, cube().position.y - CUBE);
    }
    expect(highest).toBeGreaterThan(2.5);
    expect(highest).toBeLessThanOrEqual(2.75);
    expect(cube().position.y).toBeCloseTo(CUBE, 1);
  });

  it('earns 1 for standing in the goal, in place of what its last steps cost, once it has jumped over a small wall', () => {
    beginWith(1.55);
    place({ cube: [6.4, -3], block: [-6, -1] });
    const episode = live(() => (cube().position.z > -1.5 ? AHEAD_AND_JUMP : AHEAD), 20);
    expect(agent().outcome).toBe('terminated');
    expect(episode).toBeCloseTo(1 - (agent().decisions - 1) * 5 * 0.0005, 5);
    expect(agent().decisions).toBeLessThan(10);
  });

  it('does not earn anything in the air above the goal', () => {
    beginWith(0);
    place({ cube: [6.4, -1], block: [-6, -1] });
    respawn(cube(), { position: new Vector3(6.4, 4, 7) });
    decide(REST);
    expect(agent().active).toBe(true);
    expect(live(() => REST, 10)).toBeGreaterThan(0.97);
  });

  it('does not get over a big wall alone, however it jumps', () => {
    beginWith(3.55);
    place({ cube: [6.4, -3], block: [-6, -1] });
    live(() => AHEAD_AND_JUMP, 60);
    expect(agent().active).toBe(true);
    expect(cube().position.z).toBeLessThan(WALL);
  });

  it('gets over a big wall by way of the block that it has pushed there', () => {
    beginWith(3.55);
    place({ cube: [6.4, -8], block: [6.4, -5] });
    const episode = live(() => {
      const { y, z } = cube().position;
      if (block().position.z < AT_WALL - 0.05) return AHEAD; // push
      const onWall = y - CUBE > 3.5;
      if (onWall || z > WALL + 1.5) return z < 5 ? AHEAD : REST; // over and down
      return AHEAD_AND_JUMP; // on the block, and on from there
    }, 60);
    expect(agent().outcome).toBe('terminated');
    expect(episode).toBeGreaterThan(0.9);
  });

  it('pushes the block straight by a corner, without turning it', () => {
    beginWith(3.55);
    place({ cube: [1.5, -8], block: [0, -4] });
    for (let i = 0; i < 10; i++) decide(AHEAD);
    expect(block().position.z).toBeCloseTo(AT_WALL, 1);
    expect(block().position.x).toBeCloseTo(0, 1);
    expect(block().rotationQuaternion!.equalsWithEpsilon(Quaternion.Identity(), 1e-4)).toBe(true);
  });

  it('does not lift the block by jumping while it pushes it against the wall', () => {
    beginWith(3.55);
    place({ cube: [0, -8], block: [0, -5] });
    let highest = 0;
    for (let i = 0; i < 8; i++) {
      decide(block().position.z < AT_WALL - 0.05 ? AHEAD : AHEAD_AND_JUMP);
      highest = Math.max(highest, block().position.y);
    }
    expect(highest).toBeLessThan(BLOCK + 0.02);
  });

  it.each(['cube', 'block'])('ends with −1 once the middle of the %s is past an edge of the floor', (name) => {
    beginWith(3.55);
    place({ cube: [0, -8], block: [0, -4] });
    const node = area().find(name);
    respawn(node, { position: new Vector3(-10.4, node.position.y, -4) });
    decide(REST);
    runtimeOf(agent()).takeReward();
    expect(agent().active).toBe(true);
    respawn(node, { position: new Vector3(-10.6, node.position.y, -4) });
    decide(REST);
    expect(agent().outcome).toBe('terminated');
    expect(runtimeOf(agent()).takeReward()).toBe(-1);
  });

  it('turns by 6° a step to either side, and pushes to its sides with 0.6 of its strength', () => {
    beginWith(0);
    place({ cube: [0, -5], block: [6, -1] });
    decide([0, 2, 0, 0]);
    cube().computeWorldMatrix(true);
    expect(cube().absoluteRotationQuaternion.toEulerAngles().y).toBeCloseTo((5 * 6 * Math.PI) / 180, 3);
    decide([0, 1, 0, 0]);
    const speedOf = (choice: Choice) => {
      place({ cube: [0, -5], block: [6, -1] });
      decide(choice);
      return cube().physicsBody!.getLinearVelocity();
    };
    const ahead = speedOf(AHEAD).z;
    expect(ahead).toBeGreaterThan(10);
    expect(speedOf([2, 0, 0, 0]).z).toBeCloseTo(-ahead, 2);
    const right = speedOf([1, 0, 2, 0]); // a side takes the place of ahead
    expect(right.z).toBeCloseTo(0, 3);
    expect(right.x / ahead).toBeGreaterThan(0.5);
    expect(right.x / ahead).toBeLessThan(0.65);
    expect(speedOf([0, 0, 1, 0]).x).toBeCloseTo(-right.x, 3);
  });
});

describe('the shipped policies of wall-jump', () => {
  it('reach a mean return of 0.8 together in 100 episodes that they were not trained from', async () => {
    const policyFiles = ['wall-jump', 'small-wall'].map((name) =>
      readFileSync(`demo-scenes/wall-jump/${name}.safetensors`),
    );
    const request = {
      environment: 'wall-jump',
      policyFiles,
      episodes: 100,
      areas: 50,
      seed: 4711,
      deterministic: true,
    };
    const played = await evaluatePolicies(wallJump, { ...request, parameters: {} });
    expect(played).toHaveLength(100);
    expect(new Set(played.map(({ policy }) => policy))).toEqual(new Set(['small-wall', 'big-wall']));
    expect(played.reduce((sum, episode) => sum + episode.return, 0) / 100).toBeGreaterThanOrEqual(0.8);
  });
});

describe('overlaps', () => {
  const plate = { x: 1, z: 0, halfX: 2, halfZ: 1, top: 0, bottom: -1 };
  const at = (x: number, z: number, turned = 0) => ({ x, z, half: 0.5, sin: Math.sin(turned), cos: Math.cos(turned) });

  it('tells apart what touches a corner and what is just past it, turned or not', () => {
    expect(overlaps(at(3.49, 0), plate)).toBe(true);
    expect(overlaps(at(3.51, 0), plate)).toBe(false);
    expect(overlaps(at(0, -1.49), plate)).toBe(true);
    expect(overlaps(at(0, -1.51), plate)).toBe(false);
    const corner = 0.5 * Math.SQRT2; // m to where a square that is turned by 45° points
    expect(overlaps(at(3 + corner - 0.01, 0, Math.PI / 4), plate)).toBe(true);
    expect(overlaps(at(3 + corner + 0.01, 0, Math.PI / 4), plate)).toBe(false);
    expect(overlaps(at(3.4, 1.4, Math.PI / 4), plate)).toBe(false); // only an axis of the square has them apart
    expect(overlaps(at(3.3, 1.3, Math.PI / 4), plate)).toBe(true);
  });
});
