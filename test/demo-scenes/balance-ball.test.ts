import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { balanceBall } from '../../demo-scenes/balance-ball/environment.ts';
import { runtimeOf } from '../../plugin/scene/agent-runtime.ts';
import { describeEnvironmentContract } from '../../plugin/testing/index.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

describeEnvironmentContract(balanceBall);

describe('balance-ball', () => {
  let world: HeadlessWorld;

  beforeEach(async () => {
    world = await HeadlessWorld.create(balanceBall, { count: 2, seeds: [1] });
  });

  afterEach(() => world.dispose());

  /** One decision with the same action for both areas. */
  function decide(aboutZ: number, aboutX: number): void {
    world.clock.restart();
    world.clock.observe();
    world.rows.action.set([aboutZ, aboutX, aboutZ, aboutX]);
    world.step();
  }

  it('observes 8 floats and takes 2 actions, every 5 steps of 0.02 s, for 1000 decisions', () => {
    expect(world.rows.layout).toEqual({
      sensors: [
        { name: 'tilt', size: 2 },
        { name: 'ball', size: 6 },
      ],
      actuators: [{ name: 'tilt', continuous: 2, branches: [] }],
    });
    expect(balanceBall).toMatchObject({ timeStep: 0.02, decisionPeriod: 5, maxDecisions: 1000 });
  });

  it('starts with the platform tilted by at most 10° about each axis and the ball at rest 4 m above', () => {
    world.clock.observe();
    const [z, x, ballX, ballY, ballZ, ...velocity] = world.rows.observation.slice(0, 8);
    const limit = Math.sin((10 / 2) * (Math.PI / 180));
    expect(Math.abs(z)).toBeLessThan(limit + 0.01);
    expect(Math.abs(x)).toBeLessThan(limit + 0.01);
    expect(Math.max(Math.abs(ballX), Math.abs(ballZ))).toBeLessThan(1.5);
    expect(ballY).toBeCloseTo(4, 5);
    expect(velocity).toEqual([0, 0, 0]);
  });

  it('turns the platform by 2° about z in each of the 5 steps of a full action, and stops at a quaternion of 0.25', () => {
    world.clock.observe();
    const before = 2 * Math.asin(world.rows.observation[0]);
    decide(1, 0);
    world.clock.observe();
    const after = 2 * Math.asin(world.rows.observation[0]);
    expect(after - before).toBeCloseTo(5 * 2 * (Math.PI / 180), 2);
    for (let i = 0; i < 5; i++) decide(1, 0);
    world.clock.observe();
    const [limited] = world.rows.observation;
    expect(limited).toBeGreaterThanOrEqual(0.25 - 1e-3);
    expect(limited).toBeLessThan(0.25 + Math.sin(Math.PI / 180)); // one step of 2° past it at the most
  });

  it('pays 0.1 for a decision that keeps the ball and −1 for the one that drops it, which ends the episode', () => {
    const [agent] = world.rows.agents;
    const rewards: number[] = [];
    for (let i = 0; i < 200 && agent.active; i++) {
      decide(1, 1);
      rewards.push(runtimeOf(agent).takeReward());
    }
    expect(agent.outcome).toBe('terminated');
    expect(rewards.pop()).toBe(-1);
    expect(rewards.length).toBeGreaterThan(3);
    expect(new Set(rewards)).toEqual(new Set([0.1]));
  });
});
