import { formatNumber } from '../format-number.ts';
import { formatTable } from '../markdown.ts';
import { deviation, mean } from '../statistics.ts';
import type { Outcome } from './outcome.ts';
import type { Comparison } from './protocol.ts';

/** A row for each variant of each comparison: what its seeds came to. */
export function describeComparisons(comparisons: readonly Comparison[], runs: readonly Outcome[]): string {
  const header = [
    '',
    'seeds',
    'return at the end',
    'return over the whole run',
    'bar',
    'seeds at the bar',
    'median decisions to it',
  ];
  const rows = comparisons.flatMap((comparison) =>
    comparison.variants.map(({ name, title }) => {
      const ofVariant = runs.filter(({ task, setting }) => task === comparison.name && setting === name);
      const toBar = ofVariant.map((run) => decisionsTo(comparison.bar, run));
      return [
        `${comparison.title}, ${title}`,
        String(ofVariant.length),
        plusMinus(ofVariant.map(({ meanReturn }) => meanReturn)),
        plusMinus(ofVariant.map(({ curve }) => mean(curve.map(([, value]) => value)))),
        String(comparison.bar),
        String(toBar.filter(Number.isFinite).length),
        formatNumber(finite(medianOf(toBar)), 0),
      ];
    }),
  );
  return formatTable(header, rows);
}

/** Decisions after which a run's curve first was at a return; infinity where it never was. */
export function decisionsTo(bar: number, { curve }: Pick<Outcome, 'curve'>): number {
  return curve.find(([, value]) => value >= bar)?.[0] ?? Infinity;
}

/** Of an even number of values, the upper of the two in the middle: those of runs that never got there are infinite. */
export function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Infinity;
}

function plusMinus(values: readonly number[]): string {
  if (values.length === 0) return formatNumber(null, 1);
  return `${formatNumber(mean(values), 1)} ± ${formatNumber(deviation(values), 1)}`;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
