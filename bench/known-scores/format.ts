import { alignColumns } from '../results.ts';
import type { KnownScore } from './known-scores.ts';

/** A line for each task: ours, beside what is published. */
export function formatScores(figures: {
  readonly tasks: readonly KnownScore[];
  readonly shared: readonly KnownScore[];
}): string {
  const rows = [...figures.tasks, ...figures.shared].map((score) => [
    `${score.task}, ${score.critic} critic`,
    `${plusMinus(score)} over ${score.seeds} seeds`,
    `published ${plusMinus(score.published)}`,
    `${Math.round(score.stepsPerSecond).toLocaleString('en')} steps/s`,
  ]);
  return alignColumns(rows);
}

function plusMinus({ mean, std }: { readonly mean: number; readonly std: number | null }): string {
  return `${mean.toFixed(2)} ± ${std?.toFixed(2) ?? '–'}`;
}
