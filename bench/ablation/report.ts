import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Figures } from '../benchmark.ts';
import { formatNumber } from '../format-number.ts';
import { fillPage } from '../markdown.ts';
import { alignColumns } from '../results.ts';
import { doneOf } from '../training-runs/planned.ts';
import type { RunRecord } from '../training-runs/run-record.ts';
import { checkOrder } from './order.ts';
import { type AblationReport, CURVES_PICTURE, describeReport, SCORES_PICTURE } from './page.ts';
import { drawLearningCurves } from './pictures/learning-curves.ts';
import { drawScores } from './pictures/score-chart.ts';
import { type AblationScope, planBaselines, planRuns, scaleSteps } from './plan.ts';
import { scoreRuns } from './scores.ts';

/** Where a report goes. */
export interface ReportPlaces {
  /** for the pictures */
  readonly folder: string;
  /** the page whose generated sections are rewritten */
  readonly page: string;
  /** what is read for it, when it is another */
  readonly template: string;
}

/** What the finished runs of a scope come to. */
export function makeReport(scope: AblationScope, records: readonly RunRecord[]): AblationReport {
  const plans = planRuns(scope);
  const runs = doneOf(plans, records);
  const baselines = doneOf(planBaselines(scope.tasks), records);
  const tasks = scope.tasks.map((task) => ({ ...task, steps: scaleSteps(task, scope.stepsScale) }));
  const scores = scoreRuns(runs, baselines, scope.settings, tasks);
  return { ...scores, order: checkOrder(scores.settings), tasks, runs, planned: plans.length };
}

/** Writes the page and its pictures. */
export function writeReport(report: AblationReport, { folder, page, template }: ReportPlaces): void {
  mkdirSync(folder, { recursive: true });
  const { runs, tasks, bounds, settings } = report;
  writeFileSync(join(folder, SCORES_PICTURE), drawScores(settings));
  writeFileSync(join(folder, CURVES_PICTURE), drawLearningCurves(runs, tasks, bounds));
  const sections = describeReport(report, relative(dirname(page), folder));
  writeFileSync(page, fillPage(readFileSync(template, 'utf8'), sections));
}

/** The line of JSON of `npm run bench -- ablation`. */
export function summarizeReport({ settings, order, bounds, unscaled, runs, planned }: AblationReport): Figures {
  const decisions = runs.reduce((sum, run) => sum + run.decisions, 0);
  const coreSeconds = runs.reduce((sum, run) => sum + run.seconds, 0);
  return { settings, order, bounds, unscaled, runs: runs.length, planned, decisions, coreSeconds };
}

/** A line for each setting and each claim about their order. */
export function formatReport({ settings, order, runs, planned }: AblationReport): string {
  const rows = settings.map(({ setting, score, std, paper }) => [
    setting,
    `${formatNumber(score, 2)} ± ${formatNumber(std, 2)}`,
    `paper ${formatNumber(paper, 2)}`,
  ]);
  const checks = Object.entries(order).map(([claim, check]) => [
    claim,
    check === null ? '–' : String(check.holds),
    `margin ${formatNumber(check?.margin, 2)}`,
  ]);
  return `${runs.length} of ${planned} runs\n${alignColumns([...rows, ...checks])}`;
}
