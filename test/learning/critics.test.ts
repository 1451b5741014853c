import { describe, expect, it } from 'vitest';
import { prepareNodeWorkers } from '../../plugin/cli/node-workers.ts';
import { train } from '../../plugin/training.ts';

const createWorker = await prepareNodeWorkers(new URL('../../bench/worker.ts', import.meta.url).pathname);

describe.each(['shared', 'separate'] as const)('a %s critic', (critic) => {
  it.each([
    ['balance-ball', 95, { maxDecisions: 500_000 }],
    ['cartpole', 475, { areas: 8, horizon: 128, minibatch: 256, learningRate: 1e-3, maxDecisions: 500_000 }],
  ] as const)('solves %s: a mean return of %i', async (environment, until, settings) => {
    for await (const event of train(environment, { createWorker, critic, until, backend: 'wasm', ...settings })) {
      if (event.kind === 'finished') expect(event).toMatchObject({ reason: 'solved', environment });
    }
    expect.assertions(1);
  });
});
