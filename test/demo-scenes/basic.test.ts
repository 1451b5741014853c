import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { basic } from '../../demo-scenes/basic/environment.ts';
import { parsePolicy } from '../../plugin/policy/policy-file.ts';
import { runtimeOf } from '../../plugin/scene/agent-runtime.ts';
import { describeEnvironmentContract } from '../../plugin/testing/index.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

const [STAY, BACK, AHEAD] = [0, 1, 2];

describeEnvironmentContract(basic, { startsAlike: true });

describe('basic', () => {
  let world: HeadlessWorld;

  beforeEach(async () => {
    world = await HeadlessWorld.create(basic, { count: 1, seeds: [1] });
  });

  afterEach(() => world.dispose());

  /** One decision; answers with its reward. */
  function decide(choice: number): number {
    world.clock.restart();
    world.clock.observe();
    world.rows.action.set([choice]);
    world.step();
    return runtimeOf(world.rows.agents[0]).takeReward();
  }

  function observe(): number[] {
    world.clock.observe();
    return [...world.rows.observation];
  }

  const oneHot = (position: number) => Array.from({ length: 20 }, (_, i) => Number(i === position));

  it('observes one of 20 positions, and takes one of three choices in every step', () => {
    expect(world.rows.layout).toEqual({
      sensors: [{ name: 'position', size: 20 }],
      actuators: [{ name: 'move', continuous: 0, branches: [3] }],
    });
    expect(basic).toMatchObject({ decisionPeriod: 1 });
  });

  it('starts at position 10, and stays, goes back or goes ahead by one for −0.01', () => {
    expect(observe()).toEqual(oneHot(10));
    for (const [choice, position] of [
      [AHEAD, 11],
      [STAY, 11],
      [BACK, 10],
      [BACK, 9],
    ]) {
      expect(decide(choice)).toBe(-0.01);
      expect(observe()).toEqual(oneHot(position));
    }
  });

  it.each([
    { choice: BACK, decisions: 3, goal: 0.1, pawn: 'small' },
    { choice: AHEAD, decisions: 7, goal: 1, pawn: 'large' },
  ])('ends in the $pawn hoop after $decisions decisions, which pays $goal', ({ choice, decisions, goal, pawn }) => {
    const [agent] = world.rows.agents;
    for (let i = 1; i < decisions; i++) {
      expect(decide(choice)).toBe(-0.01);
      expect(agent.active).toBe(true);
    }
    expect(decide(choice)).toBeCloseTo(goal - 0.01, 12);
    expect(agent.outcome).toBe('terminated');
    const [area] = world.clock.areas;
    const [at, hoop] = [area.find('pawn').position, area.find(pawn).position];
    expect([at.x, at.z]).toEqual([hoop.x, hoop.z]);
    decide(STAY); // the next episode
    expect(observe()).toEqual(oneHot(10));
  });

  it('lets its pawn walk from stone to stone in moves of less than a meter', () => {
    const { position } = world.clock.areas[0].find('pawn');
    const before = position.clone();
    for (let i = 0; i < 6; i++) {
      decide(AHEAD);
      expect(position.subtract(before).length()).toBeCloseTo(0.917, 3);
      before.copyFrom(position);
    }
  });

  it('is mastered by the shipped policy: the large reward in seven decisions', () => {
    const policy = parsePolicy(readFileSync('demo-scenes/basic/basic.safetensors'));
    const { rows } = world;
    const [agent] = rows.agents;
    for (let i = 0; i < 7; i++) {
      expect(agent.active).toBe(true);
      world.clock.observe();
      policy.act(rows.observation, rows.action, rows.mask);
      world.step();
      runtimeOf(agent).takeReward();
    }
    expect(agent.outcome).toBe('terminated');
    expect(agent.episodeReturn).toBeCloseTo(0.93, 12);
  });
});
