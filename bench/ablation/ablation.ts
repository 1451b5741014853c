import type { CreateWorker } from '../../plugin/training.ts';
import { type EnvironmentCatalog, requireEnvironment } from '../../workers/catalog.ts';
import { isoDay } from '../results.ts';
import { mean } from '../statistics.ts';
import { leftOf } from '../training-runs/planned.ts';
import { runAll } from '../training-runs/run-all.ts';
import type { RunLog } from '../training-runs/run-log.ts';
import { RunsDisplay } from '../training-runs/runs-display.ts';
import { type AblationScope, type PlannedBaseline, planBaselines, planRuns } from './plan.ts';
import { RANDOM_EPISODES } from './protocol.ts';
import { playAtRandom } from './random-policy.ts';

export interface AblationOptions {
  /** the tasks, for the random policy; `createWorker` must serve them too */
  readonly catalog: EnvironmentCatalog;
  readonly createWorker: CreateWorker;
  readonly atOnce: number;
  /** what it runs on, for people */
  readonly machine: string;
  /** where progress is shown */
  readonly stream: NodeJS.WriteStream;
  /** ends it; what is not done by then is not in the log */
  readonly signal: AbortSignal;
}

/** Makes all runs of a scope that the log does not have yet, and enters each as it is done. */
export async function runAblation(scope: AblationScope, log: RunLog, options: AblationOptions): Promise<void> {
  const { signal, machine, atOnce, stream } = options;
  const all = planRuns(scope);
  const plans = leftOf(all, log.records);
  const display = new RunsDisplay(stream, plans);
  if (plans.length < all.length) display.note(`${all.length - plans.length} of ${all.length} runs are done already.`);
  try {
    for (const baseline of leftOf(planBaselines(scope.tasks), log.records)) {
      if (signal.aborted) return;
      await measureBaseline(baseline, log, options, display);
    }
    await runAll(plans, {
      ...options,
      display,
      onResult: ({ key }, result) => log.append({ ...key, date: isoDay(new Date()), machine, atOnce, ...result }),
    });
  } finally {
    display.dispose();
  }
}

/** Enters what random actions earn on a task. */
async function measureBaseline(
  { key, task }: PlannedBaseline,
  log: RunLog,
  { catalog, signal, machine }: AblationOptions,
  display: RunsDisplay,
): Promise<void> {
  const environment = await requireEnvironment(catalog, task.name);
  const began = performance.now();
  const episodes = await playAtRandom(environment, RANDOM_EPISODES, signal);
  if (!episodes) return;
  const seconds = (performance.now() - began) / 1000;
  const decisions = episodes.reduce((sum, episode) => sum + episode.decisions, 0);
  const meanReturn = mean(episodes.map((episode) => episode.return));
  log.append({
    ...key,
    date: isoDay(new Date()),
    machine,
    atOnce: 1,
    meanReturn,
    episodes: episodes.length,
    decisions,
    seconds,
    decisionsPerSecond: decisions / seconds,
    curve: [],
  });
  display.note(`random policy on ${task.name}: mean return ${meanReturn.toFixed(2)}`);
}
