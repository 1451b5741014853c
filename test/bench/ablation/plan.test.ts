import { describe, expect, it } from 'vitest';
import { planBaselines, planRuns } from '../../../bench/ablation/plan.ts';
import { COMMON, SEEDS, SETTINGS, TASKS } from '../../../bench/ablation/protocol.ts';
import { doneOf, leftOf } from '../../../bench/training-runs/planned.ts';
import { requireSettings } from '../../../plugin/training.ts';
import { PUSH, recordOf, recordsOf, SCOPE, settingOf } from './fixture-runs.ts';

describe('planRuns', () => {
  it('plans eleven rows of the paper’s table and the policy gradient, on seven tasks, from three seeds', () => {
    expect(SETTINGS.filter(({ paper }) => paper !== null)).toHaveLength(11);
    const plans = planRuns({ settings: SETTINGS, tasks: TASKS, seeds: SEEDS, stepsScale: 1 });
    expect(plans).toHaveLength(12 * 7 * 3);
    expect(new Set(plans.map(({ title }) => title)).size).toBe(plans.length);
  });

  it('has settings that training takes', () => {
    for (const { settings } of planRuns(SCOPE)) expect(requireSettings(settings)).toMatchObject(settings);
  });

  it('begins with one seed of everything', () => {
    const plans = planRuns(SCOPE);
    expect(plans.map(({ key }) => key.seed)).toEqual([...Array(24).fill(1), ...Array(24).fill(2)]);
    expect(plans.slice(0, 12).every(({ key }) => key.task === 'push')).toBe(true);
  });

  it('scales the budgets', () => {
    const budgets = planRuns({ ...SCOPE, stepsScale: 0.1 }).map(({ settings }) => settings.maxDecisions);
    expect([...new Set(budgets)]).toEqual([100, 200]);
  });
});

describe('leftOf', () => {
  const plans = planRuns(SCOPE);
  const records = recordsOf(SCOPE, () => 0);

  it('leaves the runs that are not recorded, in their order', () => {
    const left = leftOf(plans, records.slice(0, 3));
    expect(left).toEqual(plans.slice(3));
    expect(leftOf(plans, records)).toEqual([]);
  });

  it('does not take a run of another budget, task or protocol for the planned one', () => {
    expect(leftOf(planRuns({ ...SCOPE, stepsScale: 2 }), records)).toHaveLength(48);
    const other = { ...settingOf('clip-0.2'), learner: { objective: 'clip', clip: 0.25 } } as const;
    expect(leftOf(planRuns({ ...SCOPE, settings: [other] }), records)).toHaveLength(4);
  });

  it('takes it for the same when settings are merely in another order', () => {
    const { objective, clip } = settingOf('clip-0.2').learner as { objective: 'clip'; clip: number };
    const same = { ...settingOf('clip-0.2'), learner: { clip, objective, ...reversed(COMMON) } };
    expect(leftOf(planRuns({ ...SCOPE, settings: [same] }), records)).toEqual([]);
  });
});

describe('doneOf', () => {
  it('keeps the records of planned runs alone', () => {
    const records = recordsOf(SCOPE, () => 0);
    const stranger = recordOf({ ...records[0], protocol: 'of before' }, 1);
    const plans = planRuns({ ...SCOPE, tasks: [PUSH], seeds: [2] });
    const done = doneOf(plans, [stranger, ...records]);
    expect(done.map(({ task, seed }) => `${task} ${seed}`)).toEqual(Array(12).fill('push 2'));
  });
});

describe('planBaselines', () => {
  it('has one record for each task, whatever the budget', () => {
    const keys = planBaselines(TASKS).map(({ key }) => key);
    expect(keys.map(({ task }) => task)).toEqual(TASKS.map(({ name }) => name));
    expect(new Set(keys.map(({ setting }) => setting))).toEqual(new Set(['random']));
  });
});

function reversed(settings: object): object {
  return Object.fromEntries(Object.entries(settings).reverse());
}
