import { afterEach, describe, expect, it } from 'vitest';
import { HeadlessWorld } from '../../workers/headless-world.ts';
import { Random } from '../core/random.ts';
import { runtimeOf } from '../scene/agent-runtime.ts';
import type { PolicyRows } from '../scene/decision-clock.ts';
import type { Environment } from '../scene/environment.ts';

/** Options of {@link describeEnvironmentContract}. */
export interface EnvironmentContractOptions {
  /** number of decisions to play; should be enough for some episodes to end */
  readonly decisions?: number;
  /** number of areas in one world */
  readonly areas?: number;
  /** whether every episode starts the same, without randomness */
  readonly startsAlike?: boolean;
}

/** One row per decision: all observations, rewards and outcomes. */
type Trace = readonly (readonly number[])[];

/** Defines tests of the contract that every environment must keep: it builds without a renderer, stays finite, ends in time and repeats from a seed. */
export function describeEnvironmentContract(environment: Environment, options: EnvironmentContractOptions = {}): void {
  const { decisions = 200, areas: count = 4, startsAlike = false } = options;
  const worlds: HeadlessWorld[] = [];
  const open = async (seed: number) => {
    const world = await HeadlessWorld.create(environment, { count, seeds: [seed] });
    worlds.push(world);
    return world;
  };

  describe(`${environment.name} keeps the contract of an environment`, () => {
    afterEach(() => {
      for (const world of worlds.splice(0)) world.dispose();
    });

    it('builds several areas without a renderer, all with the same agents', async () => {
      const { clock } = await open(1);
      expect(clock.areas).toHaveLength(count);
      expect(clock.areas.every((area) => area.agents.length === clock.areas[0].agents.length)).toBe(true);
    });

    it('observes and rewards in finite numbers, whatever the agents do', async () => {
      const trace = play(await open(1), decisions, 7);
      expect(trace.flat().filter((value) => !Number.isFinite(value))).toEqual([]);
    });

    it('repeats itself to the last bit from the same seed and actions', async () => {
      expect(play(await open(1), decisions, 7)).toEqual(play(await open(1), decisions, 7));
    });

    it(`starts ${startsAlike ? 'the same' : 'differently'} from another seed`, async () => {
      const [one, other] = [play(await open(1), 1, 7), play(await open(2), 1, 7)];
      if (startsAlike) expect(one).toEqual(other);
      else expect(one).not.toEqual(other);
    });

    it(`starts every area ${startsAlike ? 'the same' : 'differently'}`, async () => {
      const world = await open(1);
      world.clock.observe();
      const starts = Math.max(...world.clock.policyRows.map((rows) => new Set(observationsOf(rows)).size));
      if (startsAlike) expect(starts).toBe(1);
      else expect(starts).toBeGreaterThan(1);
    });

    it('responds to what its agents do', async () => {
      expect(play(await open(1), decisions, 7)).not.toEqual(play(await open(1), decisions, 8));
    });

    it('changes nothing by being observed twice', async () => {
      const world = await open(1);
      play(world, 3, 7);
      world.clock.observe();
      const once = world.clock.policyRows.map((rows) => rows.observation.slice());
      world.clock.observe();
      expect(world.clock.policyRows.map((rows) => rows.observation)).toEqual(once);
    });

    it('ends every episode in time and begins the next', async () => {
      const world = await open(1);
      let longest = 0;
      play(world, Math.max(decisions, environment.maxDecisions + 1), 7, () => {
        longest = Math.max(longest, ...world.clock.areas.map((area) => area.decisions));
      });
      expect(longest).toBeLessThanOrEqual(environment.maxDecisions);
      expect(world.clock.areas.every((area) => area.agents.some((agent) => agent.active))).toBe(true);
    });
  });
}

/** Plays with random actions from a seed; `watch` is called at the end of every decision. */
function play(world: HeadlessWorld, decisions: number, seed: number, watch?: () => void): Trace {
  const random = new Random(seed);
  const { clock } = world;
  return Array.from({ length: decisions }, () => {
    clock.observe();
    for (const rows of clock.policyRows) actAtRandom(rows, random);
    world.step();
    watch?.();
    const rewards = clock.areas.flatMap(({ agents }) => agents.map((agent) => runtimeOf(agent).takeReward()));
    const running = clock.areas.flatMap(({ agents }) => agents.map((agent) => Number(agent.active)));
    clock.restart();
    return [...clock.policyRows.flatMap(({ observation }) => [...observation]), ...rewards, ...running];
  });
}

/** The observation of each agent that a policy drives, as a string to compare. */
function observationsOf(rows: PolicyRows): string[] {
  const { agents, observation, sizes } = rows;
  const observed = agents.map((_, n) => observation.slice(n * sizes.observation, (n + 1) * sizes.observation).join());
  return observed.filter((_, n) => rows.drives(n));
}

/** Any action that is allowed. */
function actAtRandom(rows: PolicyRows, random: Random): void {
  const { agents, action, mask, sizes, layout } = rows;
  let at = 0;
  for (let n = 0; n < agents.length; n++) {
    let choice = n * sizes.mask;
    for (const { continuous, branches } of layout.actuators) {
      for (let i = 0; i < continuous; i++) action[at++] = random.between(-1, 1);
      for (const size of branches) {
        const allowed = [...mask.subarray(choice, choice + size).keys()].filter((i) => mask[choice + i] === 1);
        action[at++] = allowed[random.integer(allowed.length)];
        choice += size;
      }
    }
  }
}
