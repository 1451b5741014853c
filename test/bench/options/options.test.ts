import { describe, expect, it } from 'vitest';
import { drawComparison } from '../../../bench/options/curve-picture.ts';
import { planComparisons } from '../../../bench/options/plan.ts';
import { COMPARISONS, type Comparison } from '../../../bench/options/protocol.ts';
import { decisionsTo, describeComparisons, medianOf } from '../../../bench/options/report.ts';
import type { RunRecord } from '../../../bench/training-runs/run-record.ts';
import { requireSettings } from '../../../plugin/training.ts';

const PUSH: Comparison = {
  name: 'hurry-push',
  title: 'Hurry: push',
  decisions: 200,
  bar: 5,
  seeds: [1, 2, 3],
  variants: [
    { name: 'without', title: 'slow', environment: 'push', settings: {} },
    { name: 'with', title: 'quick', environment: 'push', settings: { epochs: 8 } },
  ],
};

function recordOf(setting: string, seed: number, curve: RunRecord['curve']): RunRecord {
  const [decisions, meanReturn] = curve[curve.length - 1];
  const cost = { episodes: 9, seconds: 1, decisionsPerSecond: decisions };
  const origin = { protocol: '0', date: '2027-01-02', machine: 'x', atOnce: 1 };
  return { ...origin, ...cost, setting, task: PUSH.name, seed, decisions, meanReturn, curve };
}

const RUNS = [
  recordOf('without', 1, [
    [100, 1],
    [200, 3],
  ]),
  recordOf('without', 2, [
    [100, 3],
    [200, 5],
  ]),
  recordOf('with', 1, [
    [100, 5],
    [200, 7],
  ]),
];

describe('planComparisons', () => {
  it('begins with one seed of everything, both variants with one seed', () => {
    const plans = planComparisons([PUSH, { ...PUSH, name: 'hurry-more', seeds: [1, 2] }]);
    expect(plans.map(({ key }) => `${key.task} ${key.setting} ${key.seed}`).slice(0, 5)).toEqual([
      'hurry-push without 1',
      'hurry-push with 1',
      'hurry-more without 1',
      'hurry-more with 1',
      'hurry-push without 2',
    ]);
    expect(plans).toHaveLength(2 * (3 + 2));
    expect(new Set(plans.map(({ key }) => key.protocol)).size).toBe(2);
  });

  it('has settings that training takes, which differ in the option alone', () => {
    for (const { settings } of planComparisons(COMPARISONS)) expect(requireSettings(settings)).toMatchObject(settings);
    for (const { seeds } of COMPARISONS) expect(seeds.length).toBeGreaterThanOrEqual(5);
  });
});

describe('decisionsTo', () => {
  it('is where a curve first is at the bar, and infinite where it never is', () => {
    expect(RUNS.map((run) => decisionsTo(5, run))).toEqual([Infinity, 200, 100]);
  });
});

describe('medianOf', () => {
  it('counts runs that never got there', () => {
    expect(medianOf([300, Infinity, 100])).toBe(300);
    expect(medianOf([300, Infinity, Infinity, 100])).toBe(Infinity);
  });
});

describe('describeComparisons', () => {
  it('tells of every variant what its seeds came to', () => {
    const [, , without, quick] = describeComparisons([PUSH], RUNS).split('\n');
    expect(without).toBe('| Hurry: push, slow | 2 | 4.0 ± 1.4 | 3.0 ± 1.4 | 5 | 1 | – |');
    expect(quick).toBe('| Hurry: push, quick | 1 | 7.0 ± – | 6.0 ± – | 5 | 1 | 100 |');
  });
});

describe('drawComparison', () => {
  it('names what is compared, and draws a line for each run and one for each mean', () => {
    const svg = drawComparison(PUSH, RUNS);
    for (const text of ['Hurry: push', 'slow', 'quick', 'the last 100 episodes of training, over 2 seeds'])
      expect(svg).toContain(text);
    expect(svg.match(/aria-label="line"/g)).toHaveLength(3 + 2);
  });
});
