import { describe, expect, it } from 'vitest';
import { type PlannedRun, runAll } from '../../../bench/training-runs/run-all.ts';
import { RunsDisplay } from '../../../bench/training-runs/runs-display.ts';
import type { TrainedRun } from '../../../bench/training-runs/train-once.ts';
import { createWorker } from '../../fixtures/run-training.ts';
import { createTextStream } from './text-stream.ts';

const SMALL = {
  areas: 1,
  workers: 1,
  overlap: false,
  horizon: 32,
  minibatch: 32,
  hidden: [8],
  backend: 'wasm',
} as const;

function planOf(environment: string, seed: number, maxDecisions = 128): PlannedRun {
  return { title: `${environment} ${seed}`, environment, settings: { ...SMALL, seed, maxDecisions } };
}

/** Makes the runs on real threads; the titles of those that were done, with their results. */
async function make(plans: readonly PlannedRun[], { abortAfterFirst = false } = {}) {
  const abort = new AbortController();
  const results: [string, TrainedRun][] = [];
  const { stream, lines } = createTextStream();
  const display = new RunsDisplay(stream, plans);
  const onResult = (plan: PlannedRun, result: TrainedRun) => {
    results.push([plan.title, result]);
    if (abortAfterFirst) abort.abort();
  };
  const made = runAll(plans, { createWorker, signal: abort.signal, atOnce: 2, display, onResult });
  const error = await made.then(
    () => undefined,
    (reason: Error) => reason.message,
  );
  display.dispose();
  return { results, lines: lines(), error };
}

describe('runAll', () => {
  it('makes every run to the end of its budget, with defaults where nothing else is said', async () => {
    const plans = [1, 2, 3].map((seed) => planOf('rail', seed));
    const { results, lines, error } = await make(plans);
    expect(error).toBeUndefined();
    expect(results.map(([title]) => title).sort()).toEqual(['rail 1', 'rail 2', 'rail 3']);
    for (const [, { decisions, episodes, meanReturn, curve, decisionsPerSecond, seconds, failure }] of results) {
      expect({ decisions, failure }).toEqual({ decisions: 128, failure: undefined }); // the preset of `rail` has 8 areas
      expect(episodes).toBeGreaterThanOrEqual(8); // 16 decisions at most
      expect(curve.map(([at]) => at)).toEqual([32, 64, 96, 128]);
      expect(curve.at(-1)?.[1]).toBe(meanReturn);
      expect(decisionsPerSecond).toBeCloseTo(decisions / seconds);
    }
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(/^3\/3 {2}rail \d: mean return -?[\d.]+ in \d+ s \(0 s left\)$/);
  });

  it('repeats a run from its seed', async () => {
    const { results } = await make([planOf('rail', 7), planOf('rail', 7)]);
    expect(results[0][1].meanReturn).toBe(results[1][1].meanReturn);
    expect(results[0][1].curve).toEqual(results[1][1].curve);
  });

  it('thins a learning curve to some sixty points, the last update among them', async () => {
    const { results } = await make([planOf('rail', 1, 200 * 32)]);
    const [[, { curve }]] = results;
    expect(curve.length).toBeGreaterThanOrEqual(55);
    expect(curve.length).toBeLessThanOrEqual(61);
    expect(curve[0][0]).toBe(32);
    expect(curve.at(-1)?.[0]).toBe(6400);
  });

  it('judges a policy on the way by episodes of their own, where that is asked for', async () => {
    const judging = { times: 4, episodes: 3 };
    const { results } = await make([{ ...planOf('rail', 1, 8 * 32), judging }]);
    const [[, { curve, meanReturn }]] = results;
    expect(curve.map(([at]) => at)).toEqual([32, 64, 128, 192, 256]);
    expect(curve.at(-1)?.[1]).toBe(meanReturn);
    const again = await make([{ ...planOf('rail', 1, 8 * 32), judging }]);
    expect(again.results[0][1].curve).toEqual(curve);
  });

  it('takes what a run had reached when its numbers stopped being finite, and says so', async () => {
    const { results, lines, error } = await make([planOf('nan-later', 1, 3200), planOf('rail', 1)]);
    expect(error).toBeUndefined();
    const failed = results.find(([title]) => title === 'nan-later 1')?.[1];
    expect(failed).toMatchObject({ decisions: 96, meanReturn: expect.any(Number) }); // it fails at decision 100
    expect(failed?.failure).toMatch(/wrote NaN/);
    expect(lines.some((line) => line.includes('nan-later 1') && line.includes('failed: '))).toBe(true);
  });

  it('ends all runs when one cannot be made: that is no result', async () => {
    const { results, error } = await make([planOf('rail', 1, 1e6), planOf('chess', 1), planOf('rail', 2)]);
    expect(error).toMatch(/No environment "chess"/);
    expect(results).toEqual([]);
  });

  it('takes a worker that dies again and again for no result', async () => {
    const { results, error } = await make([planOf('deadly-later', 1, 3200)]);
    expect(error).toMatch(/crashed 3 times in a row/);
    expect(results).toEqual([]);
  });

  it('ends soon when it is interrupted, and has no result of what was not done', async () => {
    const plans = [planOf('rail', 1), planOf('rail', 2, 1e7), planOf('rail', 3)];
    const { results, error } = await make(plans, { abortAfterFirst: true });
    expect(error).toBeUndefined();
    expect(results.map(([title]) => title)).toEqual(['rail 1']);
  });
});
