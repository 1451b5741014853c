import { deviation, mean } from '../statistics.ts';
import type { RunRecord } from '../training-runs/run-record.ts';
import type { AblationSetting, AblationTask } from './protocol.ts';

/** What a task's returns are measured between. */
export interface TaskBounds {
  /** mean return of the random policy: scores 0 */
  readonly random: number;
  /** that of the best run: scores 1 */
  readonly best: number;
}

/** How one setting did. */
export interface SettingScore {
  readonly setting: string;
  /** mean over tasks and seeds, each run's return scaled to its task's bounds; null before there is a run */
  readonly score: number | null;
  /** what the paper has */
  readonly paper: number | null;
  /** standard deviation over seeds, of the mean over tasks; null of fewer than two seeds */
  readonly std: number | null;
  /** how many runs it is over, and how many of those failed */
  readonly runs: number;
  readonly failures: number;
  /** mean return over seeds */
  readonly perTask: Readonly<Record<string, number>>;
}

export interface AblationScores {
  readonly settings: readonly SettingScore[];
  readonly bounds: Readonly<Record<string, TaskBounds>>;
  /** tasks on which no run did better than the random policy, which leaves nothing to scale by: they count in no score */
  readonly unscaled: readonly string[];
}

/**
 * Scores as the paper has them (section 6.1): the mean return of a run's last 100 episodes, shifted and scaled so that on
 * every task the random policy is 0 and the best run 1, averaged over tasks and seeds.
 *
 * @param runs      of any settings, tasks and seeds
 * @param baselines the random policy on each task
 */
export function scoreRuns(
  runs: readonly RunRecord[],
  baselines: readonly RunRecord[],
  settings: readonly AblationSetting[],
  tasks: readonly AblationTask[],
): AblationScores {
  const bounds = new Map<string, TaskBounds>();
  for (const { name } of tasks) {
    const returns = runs.filter((run) => run.task === name).map((run) => run.meanReturn);
    const random = baselines.find((baseline) => baseline.task === name)?.meanReturn;
    if (random !== undefined && returns.length > 0) bounds.set(name, { random, best: Math.max(...returns) });
  }
  const scaled = new Map([...bounds].filter(([, { random, best }]) => best > random));
  return {
    settings: settings.map((setting) => {
      const itsRuns = runs.filter((run) => run.setting === setting.name);
      return scoreSetting(setting, itsRuns, scaled);
    }),
    bounds: Object.fromEntries(bounds),
    unscaled: [...bounds.keys()].filter((task) => !scaled.has(task)),
  };
}

/** A return, in a task's bounds. */
export function scale(meanReturn: number, { random, best }: TaskBounds): number {
  return (meanReturn - random) / (best - random);
}

function scoreSetting(
  { name, paper }: AblationSetting,
  runs: readonly RunRecord[],
  bounds: ReadonlyMap<string, TaskBounds>,
): SettingScore {
  const scored = runs.flatMap(({ task, seed, meanReturn }) => {
    const within = bounds.get(task);
    return within ? [{ seed, score: scale(meanReturn, within) }] : [];
  });
  const ofSeed = groupBy(scored, ({ seed }) => seed);
  const ofTask = groupBy(runs, ({ task }) => task);
  return {
    setting: name,
    score: scored.length > 0 ? mean(scored.map(({ score }) => score)) : null,
    paper,
    std: deviation([...ofSeed.values()].map((seed) => mean(seed.map(({ score }) => score)))),
    runs: runs.length,
    failures: runs.filter(({ failure }) => failure !== undefined).length,
    perTask: Object.fromEntries([...ofTask].map(([task, some]) => [task, mean(some.map((run) => run.meanReturn))])),
  };
}

/** What has the same key, by key, in the order of the first of each. */
export function groupBy<T, Key>(items: readonly T[], keyOf: (item: T) => Key): Map<Key, T[]> {
  const groups = new Map<Key, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
