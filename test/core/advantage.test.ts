import { describe, expect, it } from 'vitest';
import { estimateAdvantage } from '../../plugin/core/advantage.ts';
import { Random } from '../../plugin/core/random.ts';
import { createRollout, type Rollout } from '../../plugin/core/rollout.ts';

type Columns = Partial<
  Record<'value' | 'reward' | 'terminated' | 'truncated' | 'active' | 'finalValue' | 'lastValue', readonly number[]>
>;

describe('estimateAdvantage', () => {
  const one = { reward: [1], value: [2], lastValue: [4] };

  it('bootstraps an unfinished episode from the next value', () => {
    expect(estimate(one, 0.5, 1)).toEqual([1 + 0.5 * 4 - 2]);
  });

  it('bootstraps a truncated episode from the value at its end', () => {
    expect(estimate({ ...one, truncated: [1], finalValue: [6] }, 0.5, 1)).toEqual([1 + 0.5 * 6 - 2]);
  });

  it('gives a terminated episode no future', () => {
    expect(estimate({ ...one, terminated: [1], finalValue: [6] }, 0.5, 1)).toEqual([1 - 2]);
  });

  it('sums the later errors, each weighted by γλ', () => {
    const [third, second, first] = [3 + 0.5 * 16 - 8, 2 + 0.5 * 8 - 4, 1 + 0.5 * 4 - 2];
    expect(estimate({ reward: [1, 2, 3], value: [2, 4, 8], lastValue: [16] }, 0.5, 0.25)).toEqual([
      first + 0.125 * (second + 0.125 * third),
      second + 0.125 * third,
      third,
    ]);
  });

  it('is the one-step error if λ is 0', () => {
    expect(estimate({ reward: [1, 2, 3], value: [2, 4, 8], lastValue: [16] }, 0.5, 0)).toEqual([
      1 + 0.5 * 4 - 2,
      2 + 0.5 * 8 - 4,
      3 + 0.5 * 16 - 8,
    ]);
  });

  it('is the discounted return minus the value if λ is 1', () => {
    expect(estimate({ reward: [1, 2, 3], value: [2, 4, 8], lastValue: [16] }, 0.5, 1)).toEqual([
      1 + 0.5 * 2 + 0.25 * 3 + 0.125 * 16 - 2,
      2 + 0.5 * 3 + 0.25 * 16 - 4,
      3 + 0.5 * 16 - 8,
    ]);
  });

  it.each([
    ['terminated', 0],
    ['truncated', 32],
  ] as const)('carries nothing over from the episode after a %s one', (end, future) => {
    const columns = { reward: [1, 2, 3], value: [2, 4, 8], lastValue: [16], [end]: [0, 1, 0], finalValue: [0, 32, 0] };
    const [third, second] = [3 + 0.5 * 16 - 8, 2 + 0.5 * future - 4];
    expect(estimate(columns, 0.5, 1)).toEqual([1 + 0.5 * 4 - 2 + 0.5 * second, second, third]);
  });

  it('gives 0 where the agent was inactive, and does not affect its earlier episode', () => {
    const columns = {
      reward: [1, 2, 99],
      value: [2, 4, 99],
      lastValue: [99],
      terminated: [0, 1, 0],
      active: [1, 1, 0],
    };
    const second = 2 - 4;
    expect(estimate(columns, 0.5, 1)).toEqual([1 + 0.5 * 4 - 2 + 0.5 * second, second, 0]);
  });

  it('overwrites old entries where the agent was inactive', () => {
    const rollout = rolloutOf({ reward: [1], active: [0] }, 1);
    rollout.advantage[0] = 7;
    expect([...estimateAdvantage(rollout, 0.5, 1)]).toEqual([0]);
  });

  it('keeps agents apart', () => {
    // agent 0 as above with λ = 1, agent 1 terminated in the middle
    const columns = {
      reward: [1, 10, 2, 20],
      value: [2, 30, 4, 40],
      terminated: [0, 1, 0, 0],
      lastValue: [16, 50],
    };
    expect(estimate(columns, 0.5, 1, 2)).toEqual([
      1 + 0.5 * 2 + 0.25 * 16 - 2,
      10 - 30,
      2 + 0.5 * 16 - 4,
      20 + 0.5 * 50 - 40,
    ]);
  });

  it('gives the same for one rollout of 2T as for two of T if λ is 0', () => {
    const { whole, halves } = split((random) => random.normal());
    expect(halves(0.9, 0)).toEqual(whole(0.9, 0));
  });

  it('gives the same for one rollout of 2T as for two of T if the values of the second half are exact', () => {
    // V = 8 + γV' for the reward 8 at γ = ½ is V = 16: no decision of the second half has an advantage to pass back
    const { whole, halves } = split((random, t) => (t < 3 ? Math.round(random.normal() * 8) : undefined));
    expect(halves(0.5, 0.75)).toEqual(whole(0.5, 0.75));
    expect(whole(0.5, 0.75).slice(3)).toEqual([0, 0, 0]);
  });

  it('writes into the given array and returns it', () => {
    const rollout = rolloutOf(one, 1);
    const out = new Float32Array(1);
    expect(estimateAdvantage(rollout, 0.5, 1, out)).toBe(out);
    expect([...out]).toEqual([1 + 0.5 * 4 - 2]);
    expect([...rollout.advantage]).toEqual([0]);
  });
});

function estimate(columns: Columns, discount: number, lambda: number, agents = 1): number[] {
  return [...estimateAdvantage(rolloutOf(columns, agents), discount, lambda)];
}

/** A rollout with one decision per reward; every agent is active by default. */
function rolloutOf(columns: Columns, agents: number): Rollout {
  const horizon = (columns.reward as readonly number[]).length / agents;
  const rollout = createRollout({ horizon, agents, layout: { sensors: [], actuators: [] } }, false);
  rollout.active.fill(1);
  for (const [name, values] of Object.entries(columns)) rollout[name as keyof Columns].set(values);
  return rollout;
}

/** Six decisions of one agent, estimated at once and as two rollouts of three; values that `draw` leaves undefined are exact. */
function split(draw: (random: Random, t: number) => number | undefined) {
  const random = new Random(6);
  const reward = Array.from({ length: 6 }, (_, t) => draw(random, t) ?? 8);
  const value = Array.from({ length: 7 }, (_, t) => draw(random, t) ?? 16);
  const part = (from: number, to: number) => ({
    reward: reward.slice(from, to),
    value: value.slice(from, to),
    lastValue: [value[to]],
  });
  return {
    whole: (discount: number, lambda: number) => estimate(part(0, 6), discount, lambda),
    halves: (discount: number, lambda: number) =>
      [part(0, 3), part(3, 6)].flatMap((half) => estimate(half, discount, lambda)),
  };
}
