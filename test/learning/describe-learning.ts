import { describe, expect, it } from 'vitest';
import { prepareNodeWorkers } from '../../plugin/cli/node-workers.ts';
import { evaluate, type FinishedEvent, train } from '../../plugin/training.ts';

const createWorker = await prepareNodeWorkers(new URL('../../demo-scenes/worker.ts', import.meta.url).pathname);

export interface LearningBar {
  readonly seeds: readonly number[];
  /** mean return of the last 100 episodes that a run ends at: the scene's own `until` */
  readonly trained: number;
  /** mean return that the deterministic policy then has over 100 episodes from another seed, at the least */
  readonly played: number;
}

/** Trains a demo scene by its own settings from several seeds, and plays what came out on starts that it never saw. */
export function describeLearning(environment: string, { seeds, trained, played }: LearningBar): void {
  describe(environment, () => {
    it.each(seeds)(
      `reaches a mean return of ${trained} from seed %i, and ${played} on starts that it never saw`,
      async (seed) => {
        const finished = await lastEvent(environment, seed);
        expect(finished).toMatchObject({ reason: 'solved', seed });
        expect(finished.meanReturn as number).toBeGreaterThanOrEqual(trained);
        const { meanReturn } = await evaluate(finished.policyFile, {
          createWorker,
          episodes: 100,
          seed: 999,
          deterministic: true,
        });
        expect(meanReturn).toBeGreaterThanOrEqual(played);
      },
    );
  });
}

async function lastEvent(environment: string, seed: number): Promise<FinishedEvent> {
  for await (const event of train(environment, { createWorker, seed })) {
    if (event.kind === 'finished') return event;
  }
  throw new Error('Training ended without a result.');
}
