import { type AblationScope, planBaselines, planRuns } from '../../../bench/ablation/plan.ts';
import { type AblationSetting, type AblationTask, SETTINGS } from '../../../bench/ablation/protocol.ts';
import type { RunKey, RunRecord } from '../../../bench/training-runs/run-record.ts';

/** Two tasks: of the first the random policy returns 20, of the second −500. */
export const PUSH: AblationTask = { name: 'push', title: 'Push', steps: 1000 };
export const SWING: AblationTask = { name: 'swing', title: 'Swing', steps: 2000 };

export const SCOPE: AblationScope = { settings: SETTINGS, tasks: [PUSH, SWING], seeds: [1, 2], stepsScale: 1 };

export function settingOf(name: string): AblationSetting {
  return SETTINGS.find((setting) => setting.name === name)!;
}

/** A record of a run that went as told. */
export function recordOf(key: RunKey, meanReturn: number, rest: Partial<RunRecord> = {}): RunRecord {
  return {
    ...key,
    date: '2027-01-02',
    machine: 'Abacus, 2 cores',
    atOnce: 2,
    meanReturn,
    episodes: 10,
    decisions: 1000,
    seconds: 30,
    decisionsPerSecond: 1000 / 30,
    curve: [
      [500, meanReturn / 2],
      [1000, meanReturn],
    ],
    ...rest,
  };
}

/** The random policy on both tasks. */
export const BASELINES: readonly RunRecord[] = planBaselines([PUSH, SWING]).map(({ key }) =>
  recordOf(key, key.task === PUSH.name ? 20 : -500, { curve: [] }),
);

/** Records of a scope's runs, with the return that each has. */
export function recordsOf(scope: AblationScope, returnOf: (key: RunKey) => number): readonly RunRecord[] {
  return planRuns(scope).map(({ key }) => recordOf(key, returnOf(key)));
}
