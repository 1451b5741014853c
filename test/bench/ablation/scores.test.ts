import { describe, expect, it } from 'vitest';
import { scoreRuns } from '../../../bench/ablation/scores.ts';
import type { RunKey } from '../../../bench/training-runs/run-record.ts';
import { BASELINES, PUSH, recordsOf, SCOPE, SWING, settingOf } from './fixture-runs.ts';

const settings = ['clip-0.2', 'unclipped'].map(settingOf);
const scope = { ...SCOPE, settings };

/** Setting, task, seed → mean return. */
const RETURNS: Readonly<Record<string, number>> = {
  'clip-0.2 push 1': 120, // (120 − 20) / (120 − 20) = 1, the best of push
  'clip-0.2 push 2': 70, // (70 − 20) / 100 = 0.5
  'clip-0.2 swing 1': -300, // (−300 + 500) / (−100 + 500) = 0.5
  'clip-0.2 swing 2': -100, // 1, the best of swing
  'unclipped push 1': 20, // 0, as good as random
  'unclipped push 2': 45, // 0.25
  'unclipped swing 1': -900, // −1, worse than random
  'unclipped swing 2': -400, // 0.25
};
const returnOf = ({ setting, task, seed }: RunKey) => RETURNS[`${setting} ${task} ${seed}`];

describe('scoreRuns', () => {
  const runs = recordsOf(scope, returnOf);
  const scores = scoreRuns(runs, BASELINES, settings, [PUSH, SWING]);
  const [clipped, unclipped] = scores.settings;

  it('puts the random policy at 0 and the best run of all at 1, on each task', () => {
    expect(scores.bounds).toEqual({ push: { random: 20, best: 120 }, swing: { random: -500, best: -100 } });
    expect(scores.unscaled).toEqual([]);
  });

  it('averages over tasks and seeds, below 0 what is worse than random', () => {
    expect(clipped).toMatchObject({ setting: 'clip-0.2', paper: 0.82, runs: 4, failures: 0 });
    expect(clipped.score).toBeCloseTo((1 + 0.5 + 0.5 + 1) / 4);
    expect(unclipped.score).toBeCloseTo((0 + 0.25 - 1 + 0.25) / 4);
  });

  it('takes the deviation over seeds of their means over tasks', () => {
    expect(clipped.std).toBeCloseTo(0); // both seeds have (1 + 0.5) / 2
    expect(unclipped.std).toBeCloseTo(0.75 / Math.SQRT2); // −0.5 and 0.25
  });

  it('gives the mean return over seeds of each task', () => {
    expect(clipped.perTask).toEqual({ push: 95, swing: -200 });
    expect(unclipped.perTask).toEqual({ push: 32.5, swing: -650 });
  });

  it('counts a run that failed with what it had reached', () => {
    const failed = runs.map((run, i) => (i === 0 ? { ...run, failure: 'not finite' } : run));
    const again = scoreRuns(failed, BASELINES, settings, [PUSH, SWING]);
    expect(again.settings.map(({ score }) => score)).toEqual(scores.settings.map(({ score }) => score));
    expect(again.settings.map(({ failures }) => failures)).toEqual([1, 0]);
  });

  it('has no score where there is no run, and none of a task that it does not know the random policy of', () => {
    const some = runs.filter(({ setting }) => setting === 'clip-0.2');
    const found = scoreRuns(some, BASELINES.slice(1), settings, [PUSH, SWING]);
    expect(found.settings[1]).toMatchObject({ score: null, std: null, runs: 0, perTask: {} });
    expect(Object.keys(found.bounds)).toEqual(['swing']);
    expect(found.settings[0].score).toBeCloseTo((0.5 + 1) / 2);
  });

  it('leaves a task out of the scores, and says so, when nothing beat the random policy there', () => {
    const poor = runs.map((run) => (run.task === 'swing' ? { ...run, meanReturn: -500 } : run));
    const found = scoreRuns(poor, BASELINES, settings, [PUSH, SWING]);
    expect(found.unscaled).toEqual(['swing']);
    expect(found.settings[0].score).toBeCloseTo((1 + 0.5) / 2);
  });
});
