import type { CurveName } from '../../run/curves.ts';
import type { ChartSpec } from './specs.ts';

/** What a chart reads, such as Curves. */
export interface Columns {
  readonly length: number;
  readonly decisions: Float64Array;
  column(name: CurveName): Float64Array;
}

/** A range of the x axis, in decisions. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** uPlot's form: x, then each line; null where there is no value. */
export type ChartData = [number[], ...(number | null)[][]];

/** More points make no difference on a panel of a few hundred pixels. */
const MOST_POINTS = 600;

/** The rows to draw: those within `range` and one on either side of it, thinned evenly; the last one is always included. */
export function pickRows(decisions: Float64Array, range: Range | undefined, most = MOST_POINTS): number[] {
  const last = decisions.length - 1;
  if (last < 0) return [];
  const from = range ? Math.max(0, firstAtLeast(decisions, range.min) - 1) : 0;
  const to = range ? Math.min(last, firstAtLeast(decisions, range.max)) : last;
  const stride = Math.max(1, Math.ceil((to - from + 1) / most));
  const rows: number[] = [];
  for (let row = from; row < to; row += stride) rows.push(row);
  rows.push(to);
  return rows;
}

/** The series of a chart in uPlot's order: x, the band's upper and lower edge, its lines, the goal. */
export function chartData(columns: Columns, spec: ChartSpec, goal: number | undefined, range?: Range): ChartData {
  const { decisions } = columns;
  const rows = pickRows(decisions, range);
  const pick = (column: Float64Array) => rows.map((row) => (Number.isFinite(column[row]) ? column[row] : null));
  const data: ChartData = [rows.map((row) => decisions[row])];
  const lines = spec.lines.map(({ curve }) => pick(columns.column(curve)));
  if (spec.band) {
    const spread = pick(columns.column(spec.band));
    for (const sign of [1, -1]) {
      data.push(lines[0].map((value, i) => (value === null ? null : value + sign * (spread[i] ?? 0))));
    }
  }
  data.push(...lines);
  if (spec.goal) data.push(rows.map(() => goal ?? null));
  return data;
}

/** The first index whose value is at least `value`; the length when there is none. `sorted` is ascending. */
function firstAtLeast(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
