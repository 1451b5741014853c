import { describe, expect, it } from 'vitest';
import { checkOrder } from '../../../bench/ablation/order.ts';
import { SETTINGS } from '../../../bench/ablation/protocol.ts';
import type { SettingScore } from '../../../bench/ablation/scores.ts';

const scored = (scoreOf: (name: string, paper: number | null) => number | null): SettingScore[] =>
  SETTINGS.map(({ name, paper }) => ({
    setting: name,
    score: scoreOf(name, paper),
    paper,
    std: null,
    runs: 1,
    failures: 0,
    perTask: {},
  }));

describe('checkOrder', () => {
  it('finds the order of the paper in the paper’s own scores', () => {
    const order = checkOrder(scored((_, paper) => paper ?? 0.2));
    expect(Object.values(order).map((check) => check?.holds)).toEqual([true, true, true, true]);
    expect(order.everyClipAboveUnclipped?.margin).toBeCloseTo(0.7 + 0.39); // ε = 0.3 is the lowest
    expect(order.clip02AtLeastEachFixedKl?.margin).toBeCloseTo(0.82 - 0.72); // β = 3 is the highest
    expect(order.clip02WithinReachOfBest?.margin).toBe(0);
    expect(order.policyGradientBelowClip02?.margin).toBeCloseTo(0.82 - 0.2);
  });

  it('says what does not hold, and by how much', () => {
    const order = checkOrder(scored((name) => ({ 'clip-0.2': 0.7, 'kl-fixed-1': 0.76, unclipped: 0.41 })[name] ?? 0.7));
    expect(order.everyClipAboveUnclipped).toMatchObject({ holds: false, least: 0.3 });
    expect(order.everyClipAboveUnclipped?.margin).toBeCloseTo(0.29);
    expect(order.clip02AtLeastEachFixedKl?.margin).toBeCloseTo(-0.06);
    expect(order.clip02WithinReachOfBest?.holds).toBe(false); // 0.06 below, and 0.05 would do
  });

  it('is silent about settings that have no score yet', () => {
    const order = checkOrder(scored((name) => (name === 'kl-fixed-10' ? null : 0.5)));
    expect(order.clip02AtLeastEachFixedKl).toBeNull();
    expect(order.clip02WithinReachOfBest).toBeNull();
    expect(order.everyClipAboveUnclipped).toMatchObject({ holds: false, margin: 0 });
  });
});
