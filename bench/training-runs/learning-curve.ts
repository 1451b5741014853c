import { deviation, mean } from '../statistics.ts';
import type { RunRecord } from './run-record.ts';

/** A point of a learning curve over seeds. */
export interface MeanPoint {
  readonly decisions: number;
  readonly mean: number;
  /** mean ± the standard deviation over seeds; the mean itself where there is one seed */
  readonly low: number;
  readonly high: number;
}

/**
 * The mean over the seeds of one setting on one task, wherever one of them has a point. A run stands where it was last
 * known, one that failed to the end.
 */
export function averageCurves(runs: readonly Pick<RunRecord, 'curve'>[]): readonly MeanPoint[] {
  const places = [...new Set(runs.flatMap(({ curve }) => curve.map(([decisions]) => decisions)))].sort((a, b) => a - b);
  return places.map((decisions) => {
    const values = runs.flatMap(({ curve }) => curve.findLast(([at]) => at <= decisions)?.[1] ?? []);
    const middle = mean(values);
    const spread = deviation(values) ?? 0;
    return { decisions, mean: middle, low: middle - spread, high: middle + spread };
  });
}
