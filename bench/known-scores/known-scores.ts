import type { CreateWorker, TrainingSettings } from '../../plugin/training.ts';
import type { Figures } from '../benchmark.ts';
import { median } from '../median.ts';
import { deviation, mean } from '../statistics.ts';
import { tasks } from '../tasks/catalog.ts';
import { type PlannedRun, runAll } from '../training-runs/run-all.ts';
import { RunsDisplay } from '../training-runs/runs-display.ts';
import type { TrainedRun } from '../training-runs/train-once.ts';
import { CLEANRL, PUBLISHED, type PublishedScore, SHARED } from './protocol.ts';

export interface KnownScoresOptions {
  readonly createWorker: CreateWorker;
  /** environments of PUBLISHED */
  readonly environments: readonly string[];
  /** runs of each task: seeds 1, 2, … */
  readonly seeds: number;
  /** the budget of each run */
  readonly decisions: number;
  readonly atOnce: number;
  /** where progress is shown */
  readonly stream: NodeJS.WriteStream;
  readonly signal: AbortSignal;
}

/** What the runs of one task came to. */
export interface KnownScore {
  /** as Gymnasium calls it */
  readonly task: string;
  readonly critic: TrainingSettings['critic'];
  /** whether value targets were normalized, which is not CleanRL's */
  readonly normalizeValue: boolean;
  /** over the seeds, of the mean return of each one's last 100 episodes */
  readonly mean: number;
  /** of the same, a sample's (divided by n − 1); null of one seed */
  readonly std: number | null;
  readonly seeds: number;
  readonly published: PublishedScore;
  /** of each seed */
  readonly returns: readonly number[];
  /** decisions over wall-clock seconds of a run, as many of which went on at once as is said beside it; medians */
  readonly stepsPerSecond: number;
  readonly seconds: number;
  /** what went wrong in runs that ended early, which count with what they had reached */
  readonly failures?: readonly string[];
}

/** The task that is learned with a shared trunk as well. */
const WITH_SHARED_CRITIC = 'cartpole';

/** One task, learned in one way. */
interface Group {
  readonly environment: string;
  readonly settings: typeof CLEANRL | typeof SHARED;
}

interface SeededRun extends PlannedRun {
  readonly group: Group;
}

/** Trains each task from several seeds with CleanRL's settings. Undefined when it was interrupted. */
export async function measureKnownScores(
  options: KnownScoresOptions,
): Promise<(Figures & { readonly tasks: readonly KnownScore[]; readonly shared: readonly KnownScore[] }) | undefined> {
  const { environments, seeds, decisions, atOnce, stream, signal } = options;
  const separate = environments.map((environment): Group => ({ environment, settings: CLEANRL }));
  const shared = environments
    .filter((environment) => environment === WITH_SHARED_CRITIC)
    .map((environment): Group => ({ environment, settings: SHARED }));
  const plans = planRuns([...separate, ...shared], seeds, decisions);
  const results = new Map<SeededRun, TrainedRun>();
  const display = new RunsDisplay(stream, plans);
  try {
    await runAll(plans, { ...options, display, onResult: (plan, result) => results.set(plan, result) });
  } finally {
    display.dispose();
  }
  if (signal.aborted) return undefined;
  const score = (group: Group) => {
    const runs = plans.filter((plan) => plan.group === group);
    return summarize(
      group,
      runs.map((plan) => results.get(plan)!),
    );
  };
  return {
    tasks: separate.map(score),
    shared: shared.map(score),
    decisions,
    atOnce,
  };
}

/** Seed 1 of everything, then seed 2, and so on. */
function planRuns(groups: readonly Group[], seeds: number, maxDecisions: number): readonly SeededRun[] {
  return Array.from({ length: seeds }, (_, i) => i + 1).flatMap((seed) =>
    groups.map((group) => ({
      group,
      title: `${titleOf(group.environment)}, ${group.settings.critic} critic, seed ${seed}`,
      environment: group.environment,
      settings: { ...group.settings, seed, maxDecisions },
    })),
  );
}

export function summarize({ environment, settings }: Group, runs: readonly TrainedRun[]): KnownScore {
  const returns = runs.map((run) => run.meanReturn);
  const failures = runs.flatMap(({ failure }) => failure ?? []);
  return {
    task: titleOf(environment),
    critic: settings.critic,
    normalizeValue: settings.normalizeValue,
    mean: mean(returns),
    std: deviation(returns),
    seeds: runs.length,
    published: PUBLISHED[environment],
    returns,
    stepsPerSecond: median(runs.map((run) => run.decisionsPerSecond)),
    seconds: median(runs.map((run) => run.seconds)),
    ...(failures.length > 0 && { failures }),
  };
}

function titleOf(environment: string): string {
  return tasks[environment]?.title ?? environment;
}
