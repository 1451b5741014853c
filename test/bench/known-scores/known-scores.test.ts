import { describe, expect, it } from 'vitest';
import { formatScores } from '../../../bench/known-scores/format.ts';
import { measureKnownScores, summarize } from '../../../bench/known-scores/known-scores.ts';
import { CLEANRL, SHARED } from '../../../bench/known-scores/protocol.ts';
import type { TrainedRun } from '../../../bench/training-runs/train-once.ts';
import { prepareNodeWorkers } from '../../../plugin/cli/node-workers.ts';
import { requireSettings } from '../../../plugin/training.ts';
import { createTextStream } from '../training-runs/text-stream.ts';

const createWorker = await prepareNodeWorkers(new URL('../../../bench/worker.ts', import.meta.url).pathname);

const runOf = (meanReturn: number, seconds: number): TrainedRun => ({
  meanReturn,
  episodes: 100,
  decisions: 1000,
  seconds,
  decisionsPerSecond: 1000 / seconds,
  curve: [],
});

describe.each([CLEANRL, SHARED])('the protocol with a $critic critic', (protocol) => {
  it('has settings that training takes', () => {
    expect(requireSettings(protocol)).toMatchObject(protocol);
  });
});

describe('summarize', () => {
  const runs = [runOf(480, 100), runOf(500, 125), { ...runOf(490, 50), failure: 'not finite' }];
  const score = summarize({ environment: 'cartpole', settings: SHARED }, runs);

  it('has mean and deviation over seeds beside what is published', () => {
    expect(score).toMatchObject({
      task: 'CartPole-v1',
      critic: 'shared',
      normalizeValue: true,
      mean: 490,
      std: 10, // √((10² + 10² + 0²) / 2)
      seeds: 3,
      returns: [480, 500, 490],
      published: { mean: 490.04, std: 6.12 },
    });
  });

  it('has the median speed, and what went wrong', () => {
    expect(score).toMatchObject({ seconds: 100, stepsPerSecond: 10, failures: ['not finite'] });
  });

  it('is a line to read', () => {
    expect(formatScores({ tasks: [score], shared: [] })).toBe(
      'CartPole-v1, shared critic   490.00 ± 10.00 over 3 seeds   published 490.04 ± 6.12   10 steps/s\n',
    );
  });
});

describe('measureKnownScores', () => {
  const measure = (signal: AbortSignal) =>
    measureKnownScores({
      createWorker,
      environments: ['cartpole', 'mountain-car'],
      seeds: 2,
      decisions: 4096,
      atOnce: 2,
      stream: createTextStream().stream,
      signal,
    });

  it('trains every task from every seed, CartPole with a shared critic as well', async () => {
    const figures = (await measure(new AbortController().signal))!;
    expect(figures.tasks.map(({ task, critic, seeds }) => [task, critic, seeds])).toEqual([
      ['CartPole-v1', 'separate', 2],
      ['MountainCar-v0', 'separate', 2],
    ]);
    expect(figures.shared.map(({ task, critic }) => [task, critic])).toEqual([['CartPole-v1', 'shared']]);
    expect(figures.tasks[1]).toMatchObject({ mean: -200, std: 0, returns: [-200, -200] }); // nobody is up there by chance
    expect(figures.tasks[0].mean).not.toBe(figures.shared[0].mean);
  });

  it('has nothing when it is interrupted', async () => {
    expect(await measure(AbortSignal.abort())).toBeUndefined();
  });
});
