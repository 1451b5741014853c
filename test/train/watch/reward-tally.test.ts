import { describe, expect, it } from 'vitest';
import { createRollout } from '../../../plugin/core/rollout.ts';
import { tallyRewards } from '../../../plugin/train/watch/reward-tally.ts';

/** Three decisions of two agents, of whom the second is absent from the last. */
function rewarded(...rewards: readonly number[]) {
  const layout = { sensors: [{ name: 'sight', size: 1 }], actuators: [{ name: 'move', continuous: 1, branches: [] }] };
  const rollout = createRollout({ horizon: 3, agents: 2, layout }, false);
  rollout.reward.set(rewards);
  rollout.active.set([1, 1, 1, 1, 1, 0]);
  return rollout;
}

describe('tallyRewards', () => {
  it('knows the least and the greatest of the agents that decided', () => {
    expect(tallyRewards([rewarded(1, 2, -3, 0, 1, 99), rewarded(0, 0, 5, 0, 0, 0)])).toEqual({
      least: -3,
      most: 5,
      spike: undefined,
    });
  });

  it('points at the first reward of thousands among ones, if such are rare', () => {
    const ones = rewarded(1, 1, 1, 1, 1, 0);
    const spiked = rewarded(1, 1, 1, -1e6, 1, 0);
    const rare = [...Array.from({ length: 3 }, () => ones), spiked, spiked];
    expect(tallyRewards(rare).spike).toEqual({ value: -1e6, rollout: 3, entry: 3, others: 1 }); // 2 of 25
    expect(tallyRewards([spiked, spiked]).spike).toBeUndefined(); // 2 of 10
  });

  it('does not where all are of thousands, or a goal is worth 100 among nothing', () => {
    expect(tallyRewards([rewarded(1000, 2000, 900, 1000, 1500, 0)]).spike).toBeUndefined();
    expect(tallyRewards([rewarded(0, 0, 100, 0, 0, 0)]).spike).toBeUndefined();
  });
});
