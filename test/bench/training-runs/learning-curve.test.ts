import { describe, expect, it } from 'vitest';
import { planRuns } from '../../../bench/ablation/plan.ts';
import { averageCurves } from '../../../bench/training-runs/learning-curve.ts';
import { recordOf, SCOPE } from '../ablation/fixture-runs.ts';

const [{ key }] = planRuns(SCOPE);

describe('averageCurves', () => {
  it('has the mean over seeds, and their deviation to either side', () => {
    const runs = [10, 14].map((end) => recordOf(key, end, { curve: [[100, end]] }));
    const spread = Math.sqrt(8); // ((10 − 12)² + (14 − 12)²) / (2 − 1)
    expect(averageCurves(runs)).toEqual([{ decisions: 100, mean: 12, low: 12 - spread, high: 12 + spread }]);
  });

  it('has no band where there is one seed', () => {
    const run = recordOf(key, 3, {
      curve: [
        [100, 1],
        [200, 3],
      ],
    });
    expect(averageCurves([run])).toEqual([
      { decisions: 100, mean: 1, low: 1, high: 1 },
      { decisions: 200, mean: 3, low: 3, high: 3 },
    ]);
  });

  it('lets a run that stopped early stand where it was, and one that has no point yet out', () => {
    const stopped = recordOf(key, 2, { curve: [[100, 2]], failure: 'not finite' });
    const late = recordOf(key, 6, { curve: [[200, 6]] });
    expect(averageCurves([stopped, late]).map(({ decisions, mean }) => [decisions, mean])).toEqual([
      [100, 2],
      [200, 4],
    ]);
  });
});
