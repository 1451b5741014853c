import { afterEach, describe, expect, it } from 'vitest';
import { estimateAdvantage } from '../../plugin/core/advantage.ts';
import { createLearnerState } from '../../plugin/learn/initialize.ts';
import { LEARNER_DEFAULTS } from '../../plugin/learn/settings.ts';
import type { PolicySpec } from '../../plugin/policy/policy.ts';
import { RolloutPolicy } from '../../plugin/policy/rollout-policy.ts';
import type { Environment } from '../../plugin/scene/environment.ts';
import type { CollectedPolicy, CollectedRollout, WorldRequest } from '../../plugin/train/worker-protocol.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';
import { RolloutCollector } from '../../workers/rollout-collector.ts';
import { crowd, rail, stackedRail } from '../fixtures/environments.ts';

const TERMS = { parameters: {}, stage: 0 };

const worlds: HeadlessWorld[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.dispose();
});

async function open(environment: Environment, changes: Partial<WorldRequest> = {}, shared = true) {
  const [areas, seeds] = [2, [1]];
  const { stagger = false } = changes;
  const world = await HeadlessWorld.create(environment, { count: areas, seeds, stagger });
  worlds.push(world);
  const spec: PolicySpec = {
    name: 'agent',
    layout: world.rows.layout,
    network: { hidden: [8], activation: 'tanh', critic: 'shared' },
    observationClip: 10,
    bounds: 'clip',
    timeStep: environment.timeStep,
    decisionPeriod: environment.decisionPeriod,
  };
  const task = { environment: environment.name, areas, firstArea: 0, seeds, stagger, terms: TERMS };
  const policies = [{ spec, discount: 0.9, lambda: 0.8 }];
  const request = { ...task, policies, horizon: 24, ...changes };
  const collector = new RolloutCollector(world, request, shared);
  const { weights } = createLearnerState(spec, LEARNER_DEFAULTS, 1);
  const collect = (...chosen: number[]): Collected => {
    const {
      policies: [only],
      ...shared
    } = collector.collect([weights], chosen);
    return { ...only, ...shared };
  };
  return { collector, policy: new RolloutPolicy(spec, weights), collect };
}

/** What was collected of the one policy that there is. */
type Collected = CollectedPolicy & Omit<CollectedRollout, 'policies'>;

/** Indices [t, n] of a flag column that are set. */
function flagged({ rollout }: CollectedPolicy, column: 'terminated' | 'truncated' | 'active'): string[] {
  const { agents } = rollout.shape;
  return [...rollout[column].keys()]
    .filter((at) => rollout[column][at] === 1)
    .map((at) => `${Math.floor(at / agents)},${at % agents}`);
}

describe('RolloutCollector', () => {
  it('truncates at the last decision of an episode, and values the observation it stopped at', async () => {
    const { collect, policy } = await open(rail);
    const collected = collect(1);
    const { rollout } = collected;
    const cut = flagged(collected, 'truncated');
    expect(cut.filter((at) => flagged(collected, 'terminated').includes(at))).toEqual([]);
    expect(collected.episodes.length).toBe(cut.length + flagged(collected, 'terminated').length);
    const at = rollout.truncated.indexOf(1);
    // The bead's last place is where it stood plus what the clipped action moved it by: speed 2 m/s for 0.1 s.
    const moved = Math.min(Math.max(rollout.continuousAction[at], -1), 1) * 2 * 0.1;
    const value = new Float32Array(1);
    policy.values(Float32Array.of(rollout.observation[at] + moved), value);
    expect(rollout.finalValue[at]).toBeCloseTo(value[0], 5);
    expect(rollout.finalValue.filter((_, i) => rollout.truncated[i] === 0).every((v) => v === 0)).toBe(true);
  });

  it('stacks what was seen before the decision, oldest first, and what an episode stopped at', async () => {
    const { collect, policy } = await open(stackedRail, { horizon: 5 });
    const rows: number[][] = []; // of the first of two agents
    const value = new Float32Array(1);
    let [stopped, begun] = [0, 0];
    for (let seed = 1; seed <= 8; seed++) {
      const { rollout } = collect(seed);
      for (let t = 0; t < 5; t++) {
        const at = 2 * t;
        const row = [...rollout.observation.subarray(3 * at, 3 * at + 3)];
        const past = rows.at(-1) ?? [0, 0, 0];
        if (row[0] === 0 && row[1] === 0) begun++;
        else expect(row.slice(0, 2)).toEqual(past.slice(1));
        rows.push(row);
        if (rollout.truncated[at] === 0) continue;
        stopped++;
        const moved = Math.min(Math.max(rollout.continuousAction[at], -1), 1) * 2 * 0.1;
        policy.values(Float32Array.of(row[1], row[2], row[2] + moved), value);
        expect(rollout.finalValue[at]).toBeCloseTo(value[0], 5);
      }
    }
    expect(begun).toBe(stopped + 1);
    expect(stopped).toBeGreaterThan(0);
  });

  it('values what comes after the last decision by the stack that the next decision sees', async () => {
    const { collect, policy } = await open(stackedRail, { horizon: 5 });
    const { lastValue } = collect(1).rollout;
    const value = new Float32Array(2);
    policy.values(collect(2).rollout.observation.slice(0, 6), value);
    expect([...lastValue]).toEqual([...value]);
  });

  it('leaves first episodes out of those that ended where areas are out of step', async () => {
    const { collect } = await open(rail, { stagger: true });
    const collected = collect(1);
    const ends = [...flagged(collected, 'truncated'), ...flagged(collected, 'terminated')];
    expect(collected.episodes.length).toBe(ends.length - 2); // the first of two areas
    const firsts = [0, 1].map((n) => ends.map((at) => at.split(',').map(Number)).find(([, agent]) => agent === n)?.[0]);
    expect(firsts[0]).not.toBe(firsts[1]);
    for (const { outcome, length } of collected.episodes) if (outcome === 'truncated') expect(length).toBe(16);
  });

  it('rewards a decision by what its own steps earned', async () => {
    const { rollout } = (await open(rail)).collect(1);
    for (let at = 0; at < rollout.reward.length; at++) {
      const x = rollout.observation[at] + Math.min(Math.max(rollout.continuousAction[at], -1), 1) * 2 * 0.1;
      expect(rollout.reward[at]).toBeCloseTo(1 - Math.abs(x), 5);
    }
  });

  it('continues an episode in the next rollout', async () => {
    const { collect } = await open(rail, { horizon: 4 });
    const first = collect(1).rollout;
    const [last, action] = [first.observation.slice(-2), first.continuousAction.slice(-2)];
    const next = collect(2).rollout.observation.slice(0, 2);
    for (const n of [0, 1]) expect(next[n]).toBeCloseTo(last[n] + Math.min(Math.max(action[n], -1), 1) * 0.2, 5);
  });

  it('leaves out agents that ended before their area', async () => {
    const collected = (await open(crowd)).collect(1); // members end after 3, 6 and 9 decisions of 2 steps, the area with the last
    const active = flagged(collected, 'active');
    const expected: string[] = [];
    for (let t = 0; t < 24; t++) {
      for (let n = 0; n < 6; n++) if (t % 9 < 3 * ((n % 3) + 1)) expected.push(`${t},${n}`);
    }
    expect(active).toEqual(expected);
    expect(collected.decisions).toBe(expected.length);
    expect(collected.episodes.map(({ length, outcome }) => `${length} ${outcome}`)).toContain('3 terminated');
    expect(new Set(collected.episodes.map(({ agent }) => agent))).toEqual(
      new Set(['member-0', 'member-1', 'member-2']),
    );
  });

  it('never draws a choice that is masked', async () => {
    const { rollout } = (await open(crowd)).collect(1);
    let forbidden = 0;
    for (let at = 0; at < rollout.active.length; at++) {
      const mask = rollout.mask.subarray(at * 5, at * 5 + 3);
      if (rollout.active[at] === 1 && mask[2] === 0) {
        forbidden++;
        expect(rollout.discreteAction[at * 2]).not.toBe(2);
      }
    }
    expect(forbidden).toBeGreaterThan(10);
  });

  it('sums up exactly the observations of active agents', async () => {
    const { observation, rollout } = (await open(crowd)).collect(1);
    const rows = [...rollout.active.keys()].filter((at) => rollout.active[at] === 1);
    const mean = rows.reduce((sum, at) => sum + rollout.observation[at * 2], 0) / rows.length;
    expect(observation.count).toBe(rows.length);
    expect(observation.mean[0]).toBeCloseTo(mean, 6);
  });

  it('estimates advantages with its own discount and lambda', async () => {
    const { rollout } = (await open(crowd)).collect(1);
    expect(rollout.advantage).toEqual(estimateAdvantage(rollout, 0.9, 0.8, new Float32Array(rollout.advantage.length)));
    expect(rollout.advantage).not.toEqual(
      estimateAdvantage(rollout, 0.9, 0.7, new Float32Array(rollout.advantage.length)),
    );
  });

  it('gives away new columns each time where memory is not shared, with the same numbers', async () => {
    const shared = await open(crowd);
    const given = await open(crowd, {}, false);
    const kept = [shared.collect(1), given.collect(1)];
    expect(kept[1].rollout.observation).toEqual(kept[0].rollout.observation);
    expect(kept[1].rollout.advantage).toEqual(kept[0].rollout.advantage);
    expect(given.collect(2).rollout.observation.buffer).not.toBe(kept[1].rollout.observation.buffer);
  });

  it('leaves a rollout alone while it fills the next, where memory is shared', async () => {
    const { collect } = await open(crowd);
    const first = collect(1).rollout;
    const kept = first.observation.slice();
    expect(collect(2).rollout.observation.buffer).not.toBe(first.observation.buffer);
    expect(first.observation).toEqual(kept);
    expect(collect(3).rollout.observation.buffer).toBe(first.observation.buffer); // two sets of columns take turns
  });

  it.each([
    ['crowd', crowd],
    ['stacked-rail', stackedRail],
  ])('stands where it stood after living through its rollouts of %s again', async (_, environment) => {
    const once = await open(environment);
    const history = [1, 2, 3].map((seed) => {
      const { continuousAction, discreteAction } = once.collect(seed).rollout;
      return {
        actions: [{ continuousAction: continuousAction.slice(), discreteAction: discreteAction.slice() }],
        terms: TERMS,
      };
    });
    const again = await open(environment);
    again.collector.replay(history);
    const [expected, found] = [once.collect(4), again.collect(4)];
    for (const column of [
      'observation',
      'continuousAction',
      'discreteAction',
      'reward',
      'value',
      'advantage',
    ] as const) {
      expect(found.rollout[column], column).toEqual(expected.rollout[column]);
    }
    expect(found.episodes).toEqual(expected.episodes);
  });
});
