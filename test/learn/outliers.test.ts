import { describe, expect, it } from 'vitest';
import { Random } from '../../plugin/core/random.ts';
import { createRollout, type Rollout } from '../../plugin/core/rollout.ts';
import { type Moments, RunningStatistics } from '../../plugin/core/running-statistics.ts';
import { holdOutliers } from '../../plugin/learn/outliers.ts';

const SIZE = 2;
const LAYOUT = {
  sensors: [{ name: 'sight', size: SIZE }],
  actuators: [{ name: 'move', continuous: 1, branches: [] }],
};
const NOTHING: Moments = { count: 0, mean: new Float64Array(SIZE), squares: new Float64Array(SIZE) };

/** Normal numbers, the second float a hundredth as large; the last agent is absent. */
function observe(seed: number, horizon = 64, agents = 5): Rollout {
  const rollout = createRollout({ horizon, agents, layout: LAYOUT }, false);
  const random = new Random(seed);
  for (let i = 0; i < rollout.observation.length; i += 2) {
    rollout.observation[i] = random.normal();
    rollout.observation[i + 1] = 0.01 * random.normal();
  }
  rollout.active.fill(1);
  for (let t = 0; t < horizon; t++) rollout.active[t * agents + agents - 1] = 0;
  return rollout;
}

/** Writes `value` as float `index` of agent n's decision t. */
function write({ shape, observation }: Rollout, t: number, n: number, index: number, value: number): void {
  observation[(t * shape.agents + n) * SIZE + index] = value;
}

function momentsOf(...rollouts: readonly Rollout[]): Moments {
  const seen = new RunningStatistics(SIZE);
  for (const { active, observation } of rollouts)
    for (let entry = 0; entry < active.length; entry++) if (active[entry] === 1) seen.add(observation, entry * SIZE);
  return seen.moments();
}

const hold = (seen: Moments, ...rollouts: readonly Rollout[]) => holdOutliers(seen, momentsOf(...rollouts), rollouts);
const deviations = ({ count, squares }: Moments) => [...squares].map((square) => Math.sqrt(square / count));

describe('holdOutliers', () => {
  it('returns the same moments object for ordinary observations, first and later ones', () => {
    const [first, later] = [observe(1), observe(2)];
    const news = momentsOf(first);
    expect(holdOutliers(NOTHING, news, [first])).toEqual({ moments: news, outliers: [] });
    expect(holdOutliers(NOTHING, news, [first]).moments).toBe(news);
    const next = momentsOf(later);
    expect(holdOutliers(news, next, [later]).moments).toBe(next);
  });

  it.each([1000, -1e6, 1e30])(
    'holds back %s, once per agent in the first rollouts, and does not affect other floats',
    (value) => {
      const rollout = observe(1);
      const clean = momentsOf(rollout);
      for (let n = 0; n < 4; n++) write(rollout, 0, n, 0, value);
      const { moments, outliers } = hold(NOTHING, rollout);
      expect(outliers).toMatchObject([{ index: 0, value: Math.fround(value), rollout: 0, entry: 0, count: 4 }]);
      expect(deviations(moments)[0] / deviations(clean)[0]).toBeCloseTo(1, 0);
      expect(Math.abs(moments.mean[0])).toBeLessThan(0.3);
      expect([moments.mean[1], moments.squares[1]]).toEqual([
        momentsOf(rollout).mean[1],
        momentsOf(rollout).squares[1],
      ]);
    },
  );

  it('counts an outlier as 3 deviations from the others', () => {
    const rollout = createRollout({ horizon: 9, agents: 1, layout: LAYOUT }, false);
    rollout.active.fill(1);
    for (const [t, value] of [-1.349, -1.349, -1.349, 0, 0, 0, 1.349, 1.349, 1000].entries())
      write(rollout, t, 0, 0, value);
    const { moments, outliers } = hold(NOTHING, rollout); // quartiles −1.349 and 1.349: a spread of 2; its median is 0
    expect(outliers[0]).toMatchObject({ value: 1000, entry: 8, count: 1, center: 0 });
    expect(outliers[0].spread).toBeCloseTo(2, 6);
    expect(moments.mean[0]).toBeCloseTo((-1.349 + 3 * 2) / 9, 6);
  });

  it('finds outliers late in a run, in any of several rollouts, from earlier observations', () => {
    const seen = momentsOf(observe(1), observe(2), observe(3));
    const [first, second] = [observe(4), observe(5)];
    write(second, 7, 2, 1, 5); // among ±0.02
    const { moments, outliers } = hold(seen, first, second);
    expect(outliers).toMatchObject([{ index: 1, value: 5, rollout: 1, entry: 7 * 5 + 2, count: 1 }]);
    expect(deviations(moments)[1]).toBeLessThan(0.012);
  });

  it('skips rows in which the agent was absent', () => {
    const rollout = observe(1);
    write(rollout, 3, 4, 0, 1e6);
    expect(hold(NOTHING, rollout).outliers).toEqual([]);
  });

  it('follows a changing scale: what an eighth of the samples or more has is not an outlier', () => {
    const rollout = observe(2);
    for (let t = 0; t < 64; t += 6) for (let n = 0; n < 4; n++) write(rollout, t, n, 0, 1000);
    expect(hold(NOTHING, rollout).outliers).toEqual([]);
    expect(hold(momentsOf(observe(1)), rollout).outliers).toEqual([]);
  });

  it('does not affect rare flags, whose other values nothing can drown out', () => {
    const rollout = observe(1);
    for (let t = 0; t < 64; t++) for (let n = 0; n < 4; n++) write(rollout, t, n, 0, 0);
    expect(hold(NOTHING, rollout).outliers).toEqual([]);
    const seen = momentsOf(rollout);
    write(rollout, 20, 1, 0, 1);
    expect(hold(NOTHING, rollout).outliers).toEqual([]);
    expect(hold(seen, rollout).outliers).toEqual([]);
    write(rollout, 20, 1, 0, 1000);
    expect(hold(seen, rollout).outliers).toMatchObject([{ index: 0, value: 1000 }]);
  });

  it('ignores outliers that no longer do harm', () => {
    const { mean, squares, count } = momentsOf(observe(1));
    const million = { count: 1e6, mean, squares: squares.map((square) => (square * 1e6) / count) };
    const rollout = observe(2);
    write(rollout, 20, 1, 0, 100); // adds 100²/10⁶ = 1 % to the variance
    expect(hold(million, rollout).outliers).toEqual([]);
  });
});
