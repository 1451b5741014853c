import { describe, expect, it } from 'vitest';
import { prepareNodeWorkers } from '../../plugin/cli/node-workers.ts';
import { evaluate, type FinishedEvent, train } from '../../plugin/training.ts';

const createWorker = await prepareNodeWorkers(new URL('../../demo-scenes/worker.ts', import.meta.url).pathname);

describe('balance-ball', () => {
  it.each([1, 2, 3, 4, 5])(
    'reaches a mean return of 95 from seed %i, and 98 on starts that it never saw',
    async (seed) => {
      const finished = await lastEvent(seed);
      expect(finished).toMatchObject({ reason: 'solved', seed });
      expect(finished.meanReturn as number).toBeGreaterThanOrEqual(95);
      const { meanReturn } = await evaluate(finished.policyFile, {
        createWorker,
        episodes: 100,
        seed: 999,
        deterministic: true,
      });
      expect(meanReturn).toBeGreaterThanOrEqual(98);
    },
  );
});

async function lastEvent(seed: number): Promise<FinishedEvent> {
  for await (const event of train('balance-ball', { createWorker, seed, until: 95 })) {
    if (event.kind === 'finished') return event;
  }
  throw new Error('Training ended without a result.');
}
