import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { balanceBall } from '../../demo-scenes/balance-ball/environment.ts';
import { balanceBallHard } from '../../demo-scenes/balance-ball-hard/environment.ts';
import { parsePolicy } from '../../plugin/policy/policy-file.ts';
import { runtimeOf } from '../../plugin/scene/agent-runtime.ts';
import { describeEnvironmentContract } from '../../plugin/testing/index.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

describeEnvironmentContract(balanceBallHard);

describe('balance-ball-hard', () => {
  let easy: HeadlessWorld;
  let hard: HeadlessWorld;

  beforeEach(async () => {
    const options = { count: 1, seeds: [1] };
    [easy, hard] = await Promise.all([
      HeadlessWorld.create(balanceBall, options),
      HeadlessWorld.create(balanceBallHard, options),
    ]);
  });

  afterEach(() => {
    easy.dispose();
    hard.dispose();
  });

  /** One decision with the same action in both; answers with the easy agent's 5 floats without velocities, and the hard one's 45. */
  function decide(aboutZ: number, aboutX: number): { readonly places: number[]; readonly seen: number[] } {
    for (const { clock } of [easy, hard]) {
      clock.restart();
      clock.observe();
    }
    const places = [...easy.rows.observation.slice(0, 5)];
    const seen = [...hard.rows.observation];
    for (const world of [easy, hard]) {
      world.rows.action.set([aboutZ, aboutX]);
      world.step();
    }
    return { places, seen };
  }

  it('observes 45 floats in place of 8, and is balance-ball in all else', () => {
    expect(hard.rows.layout).toEqual({
      sensors: [{ name: 'places-x9', size: 9 * 5 }],
      actuators: easy.rows.layout.actuators,
    });
    const { timeStep, decisionPeriod, maxDecisions, parameters } = balanceBall;
    expect(balanceBallHard).toMatchObject({ timeStep, decisionPeriod, maxDecisions, parameters });
  });

  it('sees tilt and ball at the last nine decisions, oldest first, with nothing before the start', () => {
    const nothing = [0, 0, 0, 0, 0];
    const all: number[][] = Array.from({ length: 8 }, () => nothing);
    for (let i = 0; i < 12; i++) {
      const { places, seen } = decide(0.1, i < 6 ? 0.1 : -0.1);
      all.push(places);
      expect(seen).toEqual(all.slice(-9).flat());
    }
  });

  it('rewards and ends as balance-ball does', () => {
    const rewards: (readonly [number, number])[] = [];
    const [[one], [other]] = [easy.rows.agents, hard.rows.agents];
    while (one.active) {
      decide(1, 1);
      rewards.push([runtimeOf(one).takeReward(), runtimeOf(other).takeReward()]);
    }
    expect(other.outcome).toBe('terminated');
    expect(rewards.every(([a, b]) => a === b)).toBe(true);
    expect(rewards.at(-1)).toEqual([-1, -1]);
  });

  it('is drawn as nine slabs without a body', () => {
    const [slabs] = hard.rows.agents[0].attachedNode!.getChildMeshes();
    expect(slabs.getTotalVertices()).toBe(9 * 6 * 4); // four corners for each of a box's six sides
    expect(slabs.physicsBody).toBeFalsy();
  });

  it('is mastered by the shipped policy: a mean return of 95 in the first episode of 64 areas', async () => {
    const policy = parsePolicy(readFileSync('demo-scenes/balance-ball-hard/balance-ball-hard.safetensors'));
    const world = await HeadlessWorld.create(balanceBallHard, { count: 64, seeds: [4711] });
    const { agents, observation, action } = world.rows;
    for (let i = 0; i < 1000; i++) {
      world.clock.observe();
      policy.act(observation, action);
      world.step();
      for (const agent of agents) runtimeOf(agent).takeReward();
    }
    const returns = agents.map(({ episodeReturn }) => episodeReturn);
    world.dispose();
    expect(returns.reduce((sum, value) => sum + value) / 64).toBeGreaterThanOrEqual(95);
  });
});
