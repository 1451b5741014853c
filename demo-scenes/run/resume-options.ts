import type { Checkpoint, TrainingSettings } from '../../plugin/training.ts';

/** What a person wants from a run: settings, and the mean return that ends it. */
export type RunSettings = Partial<TrainingSettings> & { readonly until?: number | undefined };

type Options = Partial<TrainingSettings> & { readonly until?: number };

/** The options that a run begins with: the given ones. */
export function optionsToBegin(settings: RunSettings): Options {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

/**
 * The options with which a run resumes: those that ask for something else than it has. A new budget alone would do away
 * with the goal, so that is named with it.
 */
export function optionsToResume(
  { until, ...given }: RunSettings,
  { settings, goal }: Pick<Checkpoint, 'settings' | 'goal'>,
): Options {
  const asked = Object.entries(optionsToBegin(given)).filter(
    ([name, value]) =>
      !(name === 'workers' && value === 0) && // one per core, which was decided when it began
      JSON.stringify(value) !== JSON.stringify(settings[name as keyof TrainingSettings]),
  );
  const options: Options = Object.fromEntries(asked);
  const goalNow = until ?? goal;
  const another = goalNow !== goal || 'maxDecisions' in options;
  return another && goalNow !== null ? { ...options, until: goalNow } : options;
}

/** Why a checkpoint has nothing left to train, given the present options. */
export function overAlready(
  { maxDecisions, until }: RunSettings,
  { settings, goal, progress }: Checkpoint,
): 'solved' | 'budget' | undefined {
  const goalNow = until ?? goal;
  const { windows, decisions, solvedAtDecisions } = progress;
  const means = windows.map(({ returns }) => returns.reduce((sum, value) => sum + value, 0) / returns.length);
  if (goalNow !== null && solvedAtDecisions !== null && Math.min(...means) >= goalNow) return 'solved';
  return decisions >= (maxDecisions ?? settings.maxDecisions) ? 'budget' : undefined;
}
