import { describe, expect, it } from 'vitest';
import { averageTimes, lanesOf } from '../../../demo-scenes/panel/time-lanes.ts';

const times = {
  totalMs: 200,
  rolloutMs: 150,
  physicsMs: 60,
  policyMs: 20,
  learnerMs: 50,
  workersIdleMs: 80,
  learnerIdleMs: 150,
};

describe('lanesOf', () => {
  it('splits an update between what workers and learner did', () => {
    const [workers, learner] = lanesOf(times);
    expect(workers.parts.map(({ kind, share }) => [kind, share])).toEqual([
      ['physics', 0.3], // 60 of 200 ms
      ['policy', 0.1],
      ['other', expect.closeTo(0.2)], // 200 − 80 − 60 − 20 = 40 ms
      ['idle', 0.4],
    ]);
    expect(learner.parts.map(({ kind, share }) => [kind, share])).toEqual([
      ['learner', 0.25],
      ['idle', 0.75],
    ]);
  });

  it('fills a lane exactly, even where a rollout was begun before the update was', () => {
    const [workers] = lanesOf({ ...times, physicsMs: 300, policyMs: 100, workersIdleMs: 0 });
    expect(workers.parts.map(({ share }) => share)).toEqual([0.75, 0.25, 0, 0]);
  });
});

describe('averageTimes', () => {
  it('moves a tenth of the way to the newest times', () => {
    expect(averageTimes(undefined, times)).toBe(times);
    expect(averageTimes(times, { ...times, totalMs: 300, learnerMs: 0 })).toMatchObject({
      totalMs: 210,
      learnerMs: 45,
    });
  });
});
