import { digest, type Planned } from '../training-runs/planned.ts';
import type { PlannedRun } from '../training-runs/run-all.ts';
import { type AblationSetting, type AblationTask, COMMON, RANDOM_EPISODES } from './protocol.ts';

/** The setting under which a task's random policy is recorded. */
export const RANDOM = 'random';

/** Which part of the ablation is asked for. */
export interface AblationScope {
  readonly settings: readonly AblationSetting[];
  readonly tasks: readonly AblationTask[];
  readonly seeds: readonly number[];
  /** what all budgets are multiplied by */
  readonly stepsScale: number;
}

export type PlannedAblationRun = PlannedRun & Planned;

/** The random policy on a task. */
export interface PlannedBaseline extends Planned {
  readonly task: AblationTask;
}

/** All training runs, so that partial results are of use: seed 1 of everything, cheap tasks first, then seed 2, and so on. */
export function planRuns({ settings, tasks, seeds, stepsScale }: AblationScope): readonly PlannedAblationRun[] {
  return seeds.flatMap((seed) =>
    tasks.flatMap((task) => settings.map((setting) => planRun(setting, task, seed, stepsScale))),
  );
}

function planRun(setting: AblationSetting, task: AblationTask, seed: number, stepsScale: number): PlannedAblationRun {
  const settings = { ...COMMON, ...setting.learner, maxDecisions: scaleSteps(task, stepsScale) };
  return {
    key: { protocol: digest({ task: task.name, settings }), setting: setting.name, task: task.name, seed },
    title: `${setting.name} on ${task.name}, seed ${seed}`,
    environment: task.name,
    settings: { ...settings, seed },
  };
}

/** The budget of each run on a task: decisions. */
export function scaleSteps({ steps }: AblationTask, stepsScale: number): number {
  return Math.ceil(steps * stepsScale);
}

export function planBaselines(tasks: readonly AblationTask[]): readonly PlannedBaseline[] {
  return tasks.map((task) => ({
    key: {
      protocol: digest({ task: task.name, episodes: RANDOM_EPISODES }),
      setting: RANDOM,
      task: task.name,
      seed: 1,
    },
    task,
  }));
}
