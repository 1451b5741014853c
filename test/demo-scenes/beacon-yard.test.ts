import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { beaconYard } from '../../demo-scenes/beacon-yard/environment.ts';
import type { Yard } from '../../demo-scenes/beacon-yard/scene.ts';
import { parsePolicy } from '../../plugin/policy/policy-file.ts';
import { runtimeOf } from '../../plugin/scene/agent-runtime.ts';
import type { Area } from '../../plugin/scene/area.ts';
import { describeEnvironmentContract } from '../../plugin/testing/index.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'demo-scenes', 'beacon-yard');
const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8');

describeEnvironmentContract(beaconYard, { areas: 3, decisions: 60 });

describe('beacon-yard', () => {
  it('adds no more than 20 lines to a scene that knows nothing of agents', () => {
    const lines = read('environment.ts')
      .replace(/\/\*\*[\s\S]*?\*\//g, '')
      .split('\n')
      .filter((line) => !/^\s*(\/\/.*)?$/.test(line));
    expect(lines.length).toBeLessThanOrEqual(20);
    expect(read('scene.ts').toLowerCase()).not.toMatch(/agent|plugin\/|polic|train|reward/);
    expect(statSync(join(FOLDER, 'yard.glb')).size).toBeLessThan(300_000);
  });

  it('is written in the guide as it is here', () => {
    const codeOf = (file: string) => file.replace(/^(import \* as agents.*|\/\*\*.*|\/\/ snippet.*)\n/gm, '');
    expect(codeOf(read('../../docs/snippets/yard-game/src/environment.ts'))).toBe(codeOf(read('environment.ts')));
  });

  let world: HeadlessWorld;
  let area: Area;
  let yard: Yard;
  beforeEach(async () => {
    world = await HeadlessWorld.create(beaconYard, { count: 1, seeds: [1] });
    [area] = world.clock.areas;
    yard = area.scene.metadata as Yard;
  });
  afterEach(() => world.dispose());

  /** One decision; answers with its reward. */
  function decide(force: number, torque: number): number {
    world.clock.observe();
    world.rows.action.set([force, torque]);
    world.step();
    return runtimeOf(world.rows.agents[0]).takeReward();
  }

  it('observes 27 floats and takes 2 actions, every 5 steps of 1/60 s, for 300 decisions', () => {
    expect(world.rows.layout).toEqual({
      sensors: [
        { name: 'relative-position', size: 3 },
        { name: 'body', size: 6 },
        { name: 'rays', size: 18 },
      ],
      actuators: [
        { name: 'force', continuous: 1, branches: [] },
        { name: 'torque', continuous: 1, branches: [] },
      ],
    });
    expect(beaconYard).toMatchObject({ timeStep: 1 / 60, decisionPeriod: 5, maxDecisions: 300 });
  });

  it('starts with the craft in the garage, at rest, and the beacon on a pad', () => {
    const beacons = [0, 1, 2, 3].map(() => {
      for (let i = 0; i < 8; i++) decide(1, 0.3);
      area.begin();
      const [x, y, z] = area.find('craft').absolutePosition.asArray();
      expect([x, y, z].map((value) => value.toFixed(3))).toEqual(['0.589', '0.525', '1.102']);
      world.clock.observe();
      expect([...world.rows.observation.slice(3, 9)].every((value) => value === 0)).toBe(true);
      return area.find('beacon').absolutePosition.toString();
    });
    expect(new Set(beacons).size).toBeGreaterThan(1);
  });

  it('drives toward its nose, and sees that in its own axes', () => {
    for (let i = 0; i < 6; i++) decide(1, 0);
    world.clock.observe();
    const [right, up, ahead] = world.rows.observation.slice(3, 6);
    expect(ahead).toBeGreaterThan(1.5); // 60 N on 10 kg for half a second, less what the air takes
    expect(Math.abs(right)).toBeLessThan(0.1);
    expect(Math.abs(up)).toBeLessThan(0.1);
  });

  it('pays the meters that the craft came nearer to its beacon', () => {
    yard.moveBeacon(0);
    for (let i = 0; i < 5; i++) decide(0, 0); // let it come down
    const distance = () => area.find('beacon').absolutePosition.subtract(area.find('craft').absolutePosition).length();
    const before = distance();
    let paid = 0;
    for (let i = 0; i < 6; i++) paid += decide(0.6, 0);
    expect(before - distance()).toBeGreaterThan(0.2);
    expect(paid).toBeCloseTo(before - distance(), 1);
  });

  it('is mastered by the shipped policy: 36 beacons in 8 episodes, one from each pad, and 3 in the worst', () => {
    const policy = parsePolicy(readFileSync(join(FOLDER, 'beacon-yard.safetensors')));
    const { rows, clock } = world;
    const reached: number[] = [];
    for (let pad = 0; pad < 8; pad++) {
      area.begin();
      yard.moveBeacon(pad);
      const before = yard.score;
      for (let i = 0; i < 299; i++) {
        clock.observe();
        policy.act(rows.observation, rows.action, rows.mask);
        world.step();
        runtimeOf(rows.agents[0]).takeReward();
      }
      reached.push(yard.score - before);
    }
    expect(yard.score).toBeGreaterThanOrEqual(36);
    expect(Math.min(...reached)).toBeGreaterThanOrEqual(3); // nothing holds it for long
  });
});
