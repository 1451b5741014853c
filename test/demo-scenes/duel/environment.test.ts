import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BOT_RADIUS } from '../../../demo-scenes/duel/bot.ts';
import { Duel } from '../../../demo-scenes/duel/duel.ts';
import { duel } from '../../../demo-scenes/duel/environment.ts';
import { runtimeOf } from '../../../plugin/scene/agent-runtime.ts';
import { describeEnvironmentContract } from '../../../plugin/testing/index.ts';
import { HeadlessWorld } from '../../../workers/headless-world.ts';

describeEnvironmentContract(duel);

/** Does nothing. */
const REST = [0, 0, 0];

describe('duel', () => {
  let world: HeadlessWorld;
  let fight: Duel;

  beforeEach(async () => {
    world = await HeadlessWorld.create(duel, { seeds: [1], parameters: { scatter: 0, sparring: 0 } });
    fight = Duel.of(world.clock.areas[0].root);
  });

  afterEach(() => world.dispose());

  /** One decision: right, forward and dash of the first bot and of the second. */
  function decide(first: readonly number[], second: readonly number[] = REST): void {
    world.clock.restart();
    world.clock.observe();
    world.rows.action.set([...first, ...second]);
    world.step();
  }

  /** What bot 0 or 1 sees now. */
  function observe(bot: 0 | 1): number[] {
    world.clock.observe();
    const { observation, sizes } = world.rows;
    return [...observation.subarray(bot * sizes.observation, (bot + 1) * sizes.observation)];
  }

  it('observes 13 floats, takes a push of two actions and a dash, and decides every 4 steps for 16 s', () => {
    expect(world.rows.layout).toEqual({
      sensors: [{ name: 'fight', size: 13 }],
      actuators: [{ name: 'drive', continuous: 2, branches: [2] }],
    });
    expect(duel).toMatchObject({ timeStep: 1 / 60, decisionPeriod: 4, maxDecisions: 16 * 15 });
  });

  it('shows both bots the same at the start: opponent 6 m ahead, middle 3 m ahead, edge 3 m behind, dashes ready', () => {
    const seen = [6 / 6, 0, 0, 0, 0, 0, 3 / 6, 3 / 6, 3 / 6, 1, 1, 6 / 6, 6 / 6];
    for (const bot of [0, 1] as const) {
      observe(bot).forEach((value, i) => {
        expect(value).toBeCloseTo(seen[i], 5);
      });
    }
  });

  it('moves a bot to its own right and forward, whichever way it faces', () => {
    for (let i = 0; i < 5; i++) decide([0.5, 0.5, 0], [0.5, 0.5, 0]);
    const [first, second] = fight.bots;
    expect(first.position.z).toBeGreaterThan(-3); // from z = −3 toward +z
    expect(first.position.x).toBeGreaterThan(0.1);
    expect(second.position.x).toBeCloseTo(-first.position.x, 4);
    expect(second.position.z).toBeCloseTo(-first.position.z, 4);
    const [, right, forward] = observe(1);
    expect(right).toBeGreaterThan(0);
    expect(forward).toBeGreaterThan(0);
  });

  it('dashes at 9 m/s, at the opponent when there is no push, and forbids another for 2 s', () => {
    decide([0, 0, 1]);
    const [, , forward] = observe(0);
    expect(forward * 8).toBeGreaterThan(9 * 0.9); // four steps of drag later
    expect(forward * 8).toBeLessThan(9);
    expect([...world.rows.mask]).toEqual([1, 0, 1, 1]);
    for (let i = 0; i < 28; i++) decide([0, 0, 0]); // 29 decisions are 1.93 s
    world.clock.observe();
    expect(world.rows.mask[1]).toBe(0);
    for (let i = 0; i < 2; i++) decide([0, 0, 0]);
    world.clock.observe();
    expect(world.rows.mask[1]).toBe(1);
  });

  it('hands a dash on to the bot that it hits', () => {
    for (let i = 0; i < 12; i++) decide([0, i === 0 ? 1 : 0, i === 0 ? 1 : 0]);
    const [, , mine, , theirs] = observe(0);
    expect(theirs).toBeGreaterThan(3 * Math.abs(mine));
    expect(fight.bots[1].position.z).toBeGreaterThan(3.3);
  });

  it('pays 1 to the bot that stays and −1 to the one that falls, which ends the round for both', () => {
    const [first, second] = world.rows.agents;
    let paid = [0, 0];
    for (let i = 0; i < 60 && first.active; i++) {
      decide([0, -1, 0]);
      paid = [runtimeOf(first).takeReward(), runtimeOf(second).takeReward()];
    }
    expect(fight.verdict).toBe('lost');
    expect(paid).toEqual([-1, 1]);
    expect([first.outcome, second.outcome]).toEqual(['terminated', 'terminated']);
  });

  it('drops a ring after 6 s and another after 11 s, and whoever stands on it', () => {
    fight.bots[1].place(0, 5.2);
    for (let i = 0; i < 6 * 15 - 1; i++) decide(REST);
    expect(fight.platform.radius).toBe(6);
    expect(fight.bots[1].grounded).toBe(true);
    for (let i = 0; i < 12 && !fight.verdict; i++) decide(REST);
    expect(fight.platform.radius).toBe(4.3);
    expect(fight.verdict).toBe('won');
  });

  it('gives the round to the bot nearer to the middle after 16 s', () => {
    fight.bots[0].place(0, -1);
    fight.bots[1].place(0, 2);
    for (let i = 0; i < 16 * 15; i++) decide(REST);
    expect(fight.platform.radius).toBe(2.6);
    expect(fight.verdict).toBe('won');
    expect(world.rows.agents.map((agent) => runtimeOf(agent).takeReward())).toEqual([1, -1]);
  });

  it('stands bots on the level, upright, and lets none into the other', () => {
    let [nearest, lowest, turned] = [Infinity, Infinity, 0];
    for (let i = 0; i < 45; i++) {
      decide([0, 1, 1], [0, 1, 1]);
      const [first, second] = fight.bots;
      nearest = Math.min(nearest, first.position.subtract(second.position).length());
      lowest = Math.min(lowest, first.height, second.height);
      turned = Math.max(turned, Math.abs(1 - Math.abs(first.node.rotationQuaternion!.w)));
    }
    expect(nearest).toBeLessThan(2 * BOT_RADIUS + 0.3);
    expect(nearest).toBeGreaterThan(2 * BOT_RADIUS - 0.02);
    expect(lowest).toBeCloseTo(BOT_RADIUS, 2);
    expect(turned).toBe(0);
  });
});

describe('a sparring round of duel', () => {
  it('lets the second agent sit out, while its bot charges', async () => {
    const world = await HeadlessWorld.create(duel, { seeds: [1], parameters: { scatter: 0, sparring: 1 } });
    try {
      const [first, second] = world.rows.agents;
      const fight = Duel.of(world.clock.areas[0].root);
      for (let i = 0; i < 10; i++) {
        world.clock.observe();
        world.rows.action.fill(0);
        world.step();
      }
      expect([first.outcome, second.outcome]).toEqual(['running', 'terminated']);
      expect(fight.bots[1].position.z).toBeLessThan(2.5); // it started at 3
    } finally {
      world.dispose();
    }
  });
});
