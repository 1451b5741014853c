import { formatDuration } from '../../plugin/cli/progress-bar.ts';
import { formatNumber } from '../format-number.ts';
import { formatTable } from '../markdown.ts';
import type { RunRecord } from '../training-runs/run-record.ts';
import { CLAIMS, type Order } from './order.ts';
import { type AblationTask, SETTINGS } from './protocol.ts';
import type { AblationScores, SettingScore } from './scores.ts';

export const SCORES_PICTURE = 'scores.svg';
export const CURVES_PICTURE = 'learning-curves.svg';

/** What a page of results is made of. */
export interface AblationReport extends AblationScores {
  readonly order: Order;
  readonly tasks: readonly AblationTask[];
  readonly runs: readonly RunRecord[];
  /** how many runs there would be if all were done */
  readonly planned: number;
}

/** The generated sections of the page, in Markdown; `pictures` is the way from it to their folder. */
export function describeReport(report: AblationReport, pictures: string): Readonly<Record<string, string>> {
  const picture = (title: string, file: string) => `![${title}](${[pictures, file].filter(Boolean).join('/')})`;
  return {
    'score-chart': picture('Scores of every setting, ours beside the paper’s', SCORES_PICTURE),
    'learning-curves': picture('Learning curves of every setting on every task', CURVES_PICTURE),
    scores: describeScores(report),
    order: describeOrder(report),
    returns: describeReturns(report),
    runs: describeRuns(report),
  };
}

function describeScores({ settings }: AblationReport): string {
  const rows = SETTINGS.map(({ name, title, paper }) => {
    const ours = settings.find(({ setting }) => setting === name);
    const score = `${formatNumber(ours?.score, 2)} ± ${formatNumber(ours?.std, 2)}`;
    return [title, name === 'clip-0.2' ? `**${score}**` : score, formatNumber(paper, 2), countRuns(ours)];
  });
  return formatTable(['setting', 'ours', 'paper', 'runs'], rows);
}

/** `21`, `21, of which 2 failed` */
function countRuns({ runs, failures }: Pick<SettingScore, 'runs' | 'failures'> = { runs: 0, failures: 0 }): string {
  return failures > 0 ? `${runs}, of which ${failures} failed` : String(runs);
}

function describeOrder({ order }: AblationReport): string {
  const rows = Object.entries(CLAIMS).map(([name, { claim }]) => {
    const check = order[name as keyof Order];
    const verdict = check === null ? 'not all runs are done' : check.holds ? 'yes' : 'no';
    return [claim, verdict, formatNumber(check?.margin, 2)];
  });
  return formatTable(['what the paper’s table says', 'holds here', 'margin'], rows);
}

function describeReturns({ settings, bounds, tasks, unscaled }: AblationReport): string {
  const digits = (task: string) => (Math.abs(bounds[task]?.best ?? 0) < 100 ? 1 : 0);
  const rowOf = (title: string, returnOn: (task: string) => number | undefined) => [
    title,
    ...tasks.map(({ name }) => formatNumber(returnOn(name), digits(name))),
  ];
  const rows = [
    ...SETTINGS.map(({ name, title }) =>
      rowOf(title, (task) => settings.find(({ setting }) => setting === name)?.perTask[task]),
    ),
    rowOf('_random policy: 0_', (task) => bounds[task]?.random),
    rowOf('_best run: 1_', (task) => bounds[task]?.best),
    ['_decisions of a run_', ...tasks.map(({ steps }) => formatNumber(steps, 0))],
  ];
  const note = unscaled.map((task) => `No run did better than the random policy on ${task}: it counts in no score.`);
  return [formatTable(['setting', ...tasks.map(({ title }) => title)], rows), ...note].join('\n\n');
}

function describeRuns({ runs, planned }: AblationReport): string {
  const decisions = runs.reduce((sum, run) => sum + run.decisions, 0);
  const wallClock = runs.reduce((sum, run) => sum + run.seconds / run.atOnce, 0);
  const machines = [...new Set(runs.map(({ machine, atOnce }) => `${machine}, ${atOnce} runs at once`))];
  const done = `${runs.length} of ${planned} runs are done: ${formatNumber(decisions, 0)} decisions in ${formatDuration(wallClock)} (${machines.join('; ')}).`;
  const failures = runs.filter(({ failure }) => failure !== undefined).map(describeFailure);
  return [runs.length > 0 ? done : 'No run is done yet.', failures.join('\n') || 'No run failed.'].join('\n\n');
}

function describeFailure({ setting, task, seed, decisions, meanReturn, failure }: RunRecord): string {
  return `- ${setting} on ${task}, seed ${seed}, failed after ${formatNumber(decisions, 0)} decisions, and counts with the mean return of ${formatNumber(meanReturn, 1)} that it had reached: ${failure}`;
}
