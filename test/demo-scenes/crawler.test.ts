import { readFileSync } from 'node:fs';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CrawlerBody, createCrawlerBody, standUp } from '../../demo-scenes/crawler/crawler-body.ts';
import { crawler } from '../../demo-scenes/crawler/environment.ts';
import { footClearance, hasFallen } from '../../demo-scenes/crawler/ground-contact.ts';
import { leftForRight } from '../../demo-scenes/crawler/mirror.ts';
import { Walk } from '../../demo-scenes/crawler/walk.ts';
import { type AreaContext, Random, teleport } from '../../plugin/index.ts';
import { createMirrors, type SignedOrder } from '../../plugin/learn/mirror.ts';
import { parsePolicy } from '../../plugin/policy/policy-file.ts';
import { runtimeOf } from '../../plugin/scene/agent-runtime.ts';
import type { Area } from '../../plugin/scene/area.ts';
import { createBareScene } from '../../plugin/testing/bare-scene.ts';
import { describeEnvironmentContract } from '../../plugin/testing/index.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

const policy = parsePolicy(readFileSync('demo-scenes/crawler/crawler.safetensors'));

describeEnvironmentContract(crawler);

describe('crawler', () => {
  let world: HeadlessWorld;

  beforeEach(async () => {
    world = await HeadlessWorld.create(crawler, { count: 2, seeds: [1] });
  });

  afterEach(() => world.dispose());

  /** One decision of both crawlers: the hips down, to the side, and the knees of every leg. */
  function decide(down: number, swing: number, knee: number): void {
    world.clock.restart();
    world.clock.observe();
    world.rows.action.set(Array.from({ length: 8 }, () => [down, swing, knee]).flat());
    world.step();
  }

  const find = (name: string) => world.clock.areas[0].find(name);

  /** Floats of the first crawler's sensor. */
  function read(name: string): number[] {
    world.clock.observe();
    const { sensors } = world.rows.layout;
    const i = sensors.findIndex((sensor) => sensor.name === name);
    const from = sensors.slice(0, i).reduce((sum, { size }) => sum + size, 0);
    return [...world.rows.observation.slice(from, from + sensors[i].size)];
  }

  it('observes 47 floats and takes 12 actions, every 5 steps of 1/75 s, for 5000 steps', () => {
    expect(world.rows.layout).toEqual({
      sensors: [
        { name: 'walk', size: 6 },
        { name: 'body', size: 10 },
        { name: 'height', size: 1 },
        { name: 'feet', size: 4 },
        { name: 'joints', size: 24 },
        { name: 'rhythm', size: 2 },
      ],
      actuators: [{ name: 'joint-motors', continuous: 4 * (2 + 1), branches: [] }],
    });
    expect(crawler).toMatchObject({ timeStep: 1 / 75, decisionPeriod: 5, maxDecisions: 1000 });
  });

  it('starts at rest on four feet, every joint in the middle of its range', () => {
    world.clock.restart();
    expect(read('feet')).toEqual([1, 1, 1, 1]);
    for (const value of [...read('joints'), ...read('walk').slice(1, 4), ...read('body').slice(4)])
      expect(value).toBeCloseTo(0, 4);
  });

  it('stands when it does nothing, for which it earns next to nothing', () => {
    for (let i = 0; i < 100; i++) decide(0, 0, 0);
    const [agent] = world.rows.agents;
    expect(agent.active).toBe(true);
    expect(read('feet')).toEqual([1, 1, 1, 1]);
    expect(read('height')[0]).toBeGreaterThan(0.4);
    expect(runtimeOf(agent).takeReward()).toBeLessThan(1e-4);
  });

  it('falls when it lifts its legs and stretches them, and ends with a reward of −1', () => {
    const [agent] = world.rows.agents;
    let decisions = 0;
    while (agent.active && decisions++ < 100) decide(-1, 0, -1);
    expect(agent.outcome).toBe('terminated');
    expect(agent.reward).toBe(-1);
  });

  it('eases its joints to where it is told to turn them', () => {
    const swing = () => read('joints')[1];
    decide(0, 1, 0);
    expect(swing()).toBeGreaterThan(0.6);
    expect(swing()).toBeLessThan(0.9);
    for (let i = 0; i < 20; i++) decide(0, 1, 0);
    expect(swing()).toBeGreaterThan(0.9);
  });

  it('has no reflex unless it is given one, which lifts two legs across from one another, then the other two', () => {
    const lifted = () => {
      decide(0, 0, 0);
      return read('feet').map((foot) => 1 - foot);
    };
    for (let i = 0; i < 16; i++) expect(lifted()).toEqual([0, 0, 0, 0]);
    for (const area of world.clock.areas) area.setParameters({ reflex: 1 });
    world.rows.agents.forEach((agent) => void agent.terminate());
    const seen = Array.from({ length: 8 }, lifted).map(String);
    expect(seen.indexOf('1,0,1,0')).toBeGreaterThanOrEqual(0);
    expect(seen.indexOf('0,1,0,1')).toBeGreaterThan(seen.lastIndexOf('1,0,1,0'));
  });

  it('is given a rhythm that goes round in 8 decisions of its episode', () => {
    world.clock.restart();
    for (const decision of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      const [sine, cosine] = read('rhythm');
      expect(sine).toBeCloseTo(Math.sin((decision * Math.PI) / 4), 6);
      expect(cosine).toBeCloseTo(Math.cos((decision * Math.PI) / 4), 6);
      decide(0, 0, 0);
      runtimeOf(world.rows.agents[0]).takeReward();
    }
  });

  it('moves in its mirror as that says: one crawler begins as the image of the other, and is moved so', () => {
    for (const area of world.clock.areas) area.setParameters({ slowest: 0.8, fastest: 0.8 });
    world.rows.agents.forEach((agent) => void agent.terminate());
    decide(0, 0, 0);
    standAsImage(world.clock.areas);
    const [, { observation, continuous }] = createMirrors(policy.spec, [leftForRight]);
    const random = new Random(5);
    const [off, size] = [new Float64Array(47), new Float64Array(47)];
    for (let decision = 0; decision < 8; decision++) {
      const action = Float32Array.from({ length: 12 }, () => random.between(-0.6, 0.6));
      world.rows.action.set(action);
      world.rows.action.set(mirror(action, continuous), 12);
      world.step();
      world.clock.observe();
      const expected = mirror(world.rows.observation.subarray(0, 47), observation);
      expected.forEach((value, i) => {
        off[i] += (value - world.rows.observation[47 + i]) ** 2;
        size[i] += value ** 2;
      });
    }
    const sum = (values: Float64Array, [from, to]: readonly number[]) =>
      values.subarray(from, to).reduce((total, value) => total + value, 0);
    // Legs push one after another, so the two drift apart: by a tenth at most of the squares, of twice of them if no sign was right.
    for (const floats of [VELOCITY, TURN, BODY_VELOCITY, JOINTS])
      expect(sum(off, floats) / sum(size, floats)).toBeLessThan(0.1);
  });

  it('earns 1 more for touching its target, which moves to another place in the field, 3 m away or more', () => {
    decide(0, 0, 0);
    const [agent] = world.rows.agents;
    runtimeOf(agent).takeReward();
    const { position } = find('target');
    const body = find('body').position;
    for (let i = 0; i < 5; i++) {
      position.set(body.x + 0.7, 0.4, body.z + 0.7); // 0.99 m
      decide(0, 0, 0);
      expect(runtimeOf(agent).takeReward()).toBeCloseTo(1, 3);
      expect(Math.hypot(position.x - body.x, position.z - body.z)).toBeGreaterThan(2.99);
      expect(Math.max(Math.abs(position.x), Math.abs(position.z))).toBeLessThanOrEqual(9);
    }
    position.set(body.x + 0.8, 0.4, body.z + 0.8); // 1.13 m
    decide(0, 0, 0);
    expect(runtimeOf(agent).takeReward()).toBeCloseTo(0, 3);
  });
});

/** Entries of the observation: v, x y z of the body's rotation, its velocities, and the joints. */
const VELOCITY = [1, 4];
const TURN = [6, 9];
const BODY_VELOCITY = [10, 16];
const JOINTS = [21, 45];

/** Puts the crawler of the second area, and its target, where a mirror across x shows those of the first. */
function standAsImage([original, image]: readonly Area[]): void {
  const copy = (from: string, to: string) => {
    const { position, rotationQuaternion } = original.find(from);
    const { x, y, z, w } = rotationQuaternion!;
    const rotation = new Quaternion(x, -y, -z, w);
    teleport(image.find(to), { position: position.multiplyByFloats(-1, 1, 1), rotation });
  };
  copy('body', 'body');
  [1, 0, 3, 2].forEach((to, from) => {
    copy(`upper-${from}`, `upper-${to}`);
    copy(`lower-${from}`, `lower-${to}`);
  });
  image.find('target').position = original.find('target').position.multiplyByFloats(-1, 1, 1);
}

function mirror(row: Float32Array, { from, sign }: SignedOrder): Float32Array {
  return row.map((_, i) => sign[i] * row[from[i]]);
}

describe('the shipped policy', () => {
  it('walks: half of all that 16 crawlers can earn in 20 s, and 13 of them do not fall', async () => {
    const world = await HeadlessWorld.create(crawler, { count: 16, seeds: [1] });
    const { agents, observation, action, mask } = world.rows;
    for (let i = 0; i < 300; i++) {
      world.clock.observe();
      policy.act(observation, action, mask);
      world.step();
      for (const agent of agents) runtimeOf(agent).takeReward();
    }
    const returns = agents.map((agent) => agent.episodeReturn);
    world.dispose();
    expect(returns.reduce((sum, value) => sum + value) / 16).toBeGreaterThan(0.5 * 300 * 5);
    expect(agents.filter((agent) => agent.active).length).toBeGreaterThanOrEqual(13);
  });
});

describe('hasFallen', () => {
  let crawler: CrawlerBody;

  beforeEach(async () => {
    const scene = await createBareScene();
    crawler = createCrawlerBody({ root: new TransformNode('root', scene), scene } as AreaContext);
    standUp(crawler, 0.7);
  });

  afterEach(() => crawler.body.getScene().getEngine().dispose());

  it('is false of a crawler on its feet, which touch the ground', () => {
    expect(hasFallen(crawler)).toBe(false);
    for (const leg of crawler.legs) expect(footClearance(leg)).toBeCloseTo(0, 5);
  });

  it('is true when the body is within 2 cm of the ground, or below it', () => {
    crawler.body.position.y = 0.3 + 0.021;
    expect(hasFallen(crawler)).toBe(false);
    for (const height of [0.019, -5]) {
      crawler.body.position.y = 0.3 + height;
      expect(hasFallen(crawler)).toBe(true);
    }
  });

  it.each([1, -1])('is true when either end of an upper leg is', (sign) => {
    const { upper } = crawler.legs[2]; // 0.5 m long and 0.09 m thick
    Quaternion.RotationAxisToRef(Vector3.Right(), (sign * Math.PI) / 6, upper.rotationQuaternion!);
    upper.position.y = 0.125 + 0.09 + 0.021;
    expect(hasFallen(crawler)).toBe(false);
    upper.position.y = 0.125 + 0.09 + 0.019;
    expect(hasFallen(crawler)).toBe(true);
  });
});

describe('Walk', () => {
  let scene: Scene;
  let body: TransformNode;
  let leg: TransformNode;
  let target: TransformNode;
  let walk: Walk;

  beforeEach(async () => {
    scene = await createBareScene();
    [body, leg, target] = ['body', 'leg', 'target'].map((name) => new TransformNode(name, scene));
    body.rotationQuaternion = Quaternion.Identity();
    target.position.set(8, 3, 0); // forward is x
    const area = { root: new TransformNode('root', scene), scene } as AreaContext;
    walk = new Walk(area, [body, leg], target, 0.1);
    walk.begin(2);
  });

  afterEach(() => scene.getEngine().dispose());

  /** One step of 0.1 s in which both parts move, by these meters altogether. */
  function move(x: number, y: number, z: number): void {
    body.position.addInPlaceFromFloats(x, 0, z);
    leg.position.addInPlaceFromFloats(0, y, 0);
    walk.step();
  }

  const face = (angle: number) => Quaternion.RotationAxisToRef(Vector3.Up(), angle, body.rotationQuaternion!);

  it('is worth 1 at the goal, facing the target', () => {
    face(Math.PI / 2);
    move(0.4, 0, 0); // the mean of both: 0.2 m in 0.1 s
    expect(walk.reward()).toBeCloseTo(1, 6);
  });

  it('is worth less with every m/s off the goal, also to the sides and upward, and nothing from the goal’s own on', () => {
    face(Math.PI / 2);
    move(0.2, 0, 0); // 1 m/s of 2
    expect(walk.reward()).toBeCloseTo((1 - 0.5 ** 2) ** 2, 6);
    move(0.4, 0.2, 0);
    expect(walk.reward()).toBeCloseTo((1 - 0.5 ** 2) ** 2, 6);
    move(0, 0, 0);
    expect(walk.reward()).toBe(0);
    move(-0.4, 0, 0);
    expect(walk.reward()).toBe(0);
  });

  it('is worth half when it faces to the side, and nothing backwards', () => {
    face(0);
    move(0.4, 0, 0);
    expect(walk.reward()).toBeCloseTo(0.5, 6);
    face(-Math.PI / 2);
    expect(walk.reward()).toBeCloseTo(0, 6);
  });

  it('sees velocities along the way to the target: to the right of it, up and forward', () => {
    move(0.4, 0.2, -0.1); // looking along x, −z is to the right
    const out = new Float32Array(8);
    walk.observe(out, 1);
    const [before, gap, right, up, forward, goal, distance, after] = out;
    expect([before, goal, after]).toEqual([0, 2, 0]);
    expect(right).toBeCloseTo(0.5, 1);
    expect(up).toBeCloseTo(1, 6);
    expect(forward).toBeCloseTo(2, 1);
    expect(gap).toBeCloseTo(Math.hypot(0.5, 1), 1);
    expect(distance).toBeCloseTo(Math.hypot(7.6, 0.1), 5);
  });

  it('turns its heading to the target, level', () => {
    const forward = Vector3.Forward().applyRotationQuaternion(walk.heading.rotationQuaternion!);
    expect(forward.x).toBeCloseTo(1, 6);
    target.position.set(0, 0, -5);
    walk.look();
    Vector3.Forward().applyRotationQuaternionToRef(walk.heading.rotationQuaternion!, forward);
    expect(forward.z).toBeCloseTo(-1, 6);
    expect(walk.distance).toBe(5);
  });
});
