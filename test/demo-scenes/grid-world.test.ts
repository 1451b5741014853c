import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CELL } from '../../demo-scenes/grid-world/board.ts';
import { gridWorld } from '../../demo-scenes/grid-world/environment.ts';
import { parsePolicy } from '../../plugin/policy/policy-file.ts';
import { runtimeOf } from '../../plugin/scene/agent-runtime.ts';
import { describeEnvironmentContract } from '../../plugin/testing/index.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

describeEnvironmentContract(gridWorld);

describe('grid-world', () => {
  let world: HeadlessWorld;

  beforeEach(async () => {
    world = await HeadlessWorld.create(gridWorld, { count: 64, seeds: [1] });
    world.clock.observe();
  });

  afterEach(() => world.dispose());

  /** Column and row of a node of an area, counted from the corner at −x and −z. */
  function cellOf(area: number, name: string): readonly [column: number, row: number] {
    const { x, z } = world.clock.areas[area].find(name).position;
    return [Math.round(x / CELL) + 2, Math.round(z / CELL) + 2];
  }

  /** The cell that a float of the grid stands for, seen from the walker of an area, by its number within a tag. */
  function cellSeen(area: number, tag: number): readonly [column: number, row: number] {
    const floats = world.rows.observation.slice(164 * area, 164 * area + 162);
    const seen = [...floats.keys()].filter((i) => i % 2 === tag && floats[i] === 1);
    expect(seen).toHaveLength(1);
    const cell = Math.floor(seen[0] / 2);
    const [column, row] = cellOf(area, 'walker');
    return [column + (cell % 9) - 4, row + Math.floor(cell / 9) - 4];
  }

  const goalOf = (area: number) => [...world.rows.observation.slice(164 * area + 162, 164 * area + 164)];

  /** Walks area 0's walker to a cell, around `avoid` in its way, all others staying; answers with the rewards. */
  function walkTo([column, row]: readonly [number, number], avoid: readonly [number, number]): number[] {
    const [agent] = world.rows.agents;
    const rewards: number[] = [];
    const step = (choice: number) => {
      world.rows.action.fill(0);
      world.rows.action[0] = choice;
      world.step();
      rewards.push(runtimeOf(agent).takeReward());
      for (const other of world.rows.agents.slice(1)) runtimeOf(other).takeReward();
      world.clock.observe();
    };
    while (agent.active) {
      const [x, z] = cellOf(0, 'walker');
      const ways = [
        { choice: 1, to: [x, z + 1] },
        { choice: 2, to: [x, z - 1] },
        { choice: 3, to: [x - 1, z] },
        { choice: 4, to: [x + 1, z] },
      ].filter(({ choice, to }) => world.rows.mask[choice] === 1 && to.join() !== avoid.join());
      const distance = ({ to }: (typeof ways)[number]) => Math.abs(to[0] - column) + Math.abs(to[1] - row);
      step(ways.sort((a, b) => distance(a) - distance(b))[0].choice);
    }
    return rewards;
  }

  it('observes a map of 9 × 9 cells with two tags and the goal, and takes one of five choices in every step, 100 times', () => {
    expect(world.rows.layout).toEqual({
      sensors: [
        { name: 'grid', size: 9 * 9 * 2 },
        { name: 'goal', size: 2 },
      ],
      actuators: [{ name: 'move', continuous: 0, branches: [5] }],
    });
    expect(gridWorld).toMatchObject({ decisionPeriod: 1, maxDecisions: 100 });
  });

  it('starts with walker, plus and ex on cells of their own, anywhere on the board, and either to be reached', () => {
    const starts = world.clock.areas.map((_, area) =>
      ['walker', 'plus', 'ex'].map((name) => cellOf(area, name).join()),
    );
    expect(starts.every((cells) => new Set(cells).size === 3)).toBe(true);
    expect(starts.flat().every((cell) => /^[0-4],[0-4]$/.test(cell))).toBe(true);
    for (const i of [0, 1, 2]) expect(new Set(starts.map((cells) => cells[i])).size).toBeGreaterThan(15);
    const goals = world.clock.areas.map((_, area) => goalOf(area).join());
    expect(new Set(goals)).toEqual(new Set(['1,0', '0,1']));
  });

  it('sees from the walker where plus and ex are', () => {
    for (let area = 0; area < 64; area++) {
      expect(cellSeen(area, 0)).toEqual(cellOf(area, 'plus'));
      expect(cellSeen(area, 1)).toEqual(cellOf(area, 'ex'));
    }
  });

  it('lets the walker carry the sign of its goal, and no other', () => {
    for (const area of world.clock.areas) {
      const signs = area.find('walker').getChildMeshes(false);
      const shown = signs.filter((sign) => sign.isEnabled()).map(({ name }) => name);
      expect(shown).toEqual([goalOf(area.index)[0] === 1 ? 'plus-sign' : 'ex-sign']);
    }
  });

  it('forbids what leads off the board, and nothing else', () => {
    for (let area = 0; area < 64; area++) {
      const [column, row] = cellOf(area, 'walker');
      const allowed = [true, row < 4, row > 0, column > 0, column < 4];
      expect([...world.rows.mask.slice(5 * area, 5 * area + 5)]).toEqual(allowed.map(Number));
    }
  });

  it('goes up, down, left and right by a cell, or nowhere, for −0.01', () => {
    const before = world.clock.areas.map((_, area) => cellOf(area, 'walker'));
    const choices = world.clock.areas.map(
      (_, area) => [0, 1, 2, 3, 4].filter((choice) => world.rows.mask[5 * area + choice] === 1)[area % 3],
    );
    world.rows.action.set(choices);
    world.step();
    choices.forEach((choice, area) => {
      const [column, row] = before[area];
      const to = [column + [0, 0, 0, -1, 1][choice], row + [0, 1, -1, 0, 0][choice]];
      expect(cellOf(area, 'walker')).toEqual(to);
      const agent = world.rows.agents[area];
      if (agent.active) expect(runtimeOf(agent).takeReward()).toBe(-0.01);
    });
    expect(new Set(choices).size).toBe(5);
  });

  it.each([
    { which: 'the goal', reward: 1 },
    { which: 'the other symbol', reward: -1 },
  ])('ends on $which, and that decision is worth $reward alone', ({ reward }) => {
    const [goal, other] = goalOf(0)[0] === 1 ? ['plus', 'ex'] : ['ex', 'plus'];
    const [to, avoid] = reward === 1 ? [goal, other] : [other, goal];
    const rewards = walkTo(cellOf(0, to), cellOf(0, avoid));
    expect(world.rows.agents[0].outcome).toBe('terminated');
    expect(rewards.pop()).toBe(reward);
    expect(rewards.every((value) => value === -0.01)).toBe(true);
  });

  it('is mastered by the shipped policy: a mean return of 0.8 in the first episode of 64 areas', () => {
    const policy = parsePolicy(readFileSync('demo-scenes/grid-world/grid-world.safetensors'));
    const { agents, observation, action, mask } = world.rows;
    for (let i = 0; i < 100 && agents.some((agent) => agent.active); i++) {
      world.clock.observe();
      policy.act(observation, action, mask);
      world.step();
      for (const agent of agents) runtimeOf(agent).takeReward();
    }
    const returns = agents.map((agent) => agent.episodeReturn);
    expect(returns.reduce((sum, value) => sum + value) / 64).toBeGreaterThanOrEqual(0.8);
  });
});
