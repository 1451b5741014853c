import { describe, expect, it } from 'vitest';
import { PLAYED } from '../../bench/scenes/ladder.ts';
import { prepareNodeWorkers } from '../../plugin/cli/node-workers.ts';
import { evaluate, type FinishedEvent, train } from '../../plugin/training.ts';

const createWorker = await prepareNodeWorkers(new URL('../../demo-scenes/worker.ts', import.meta.url).pathname);

export interface LearningBar {
  readonly seeds: readonly number[];
  /** mean return of the last 100 episodes that a run must end at: the scene's own `until`; left out where its budget may end it */
  readonly trained?: number;
  /** mean return that the policy then has over 100 episodes from another seed, at the least */
  readonly played: number;
  /** whether it draws its actions there, as in training, or takes the likeliest */
  readonly sampled?: boolean;
}

/** Trains a demo scene by its own settings from several seeds, and plays what came out on starts that it never saw. */
export function describeLearning(environment: string, { seeds, trained, played, sampled = false }: LearningBar): void {
  const end = trained === undefined ? 'the end' : `a mean return of ${trained}`;
  describe(environment, () => {
    it.each(seeds)(`trains to ${end} from seed %i, and plays ${played} on starts that it never saw`, async (seed) => {
      const finished = await lastEvent(environment, seed);
      if (trained !== undefined) {
        expect(finished).toMatchObject({ reason: 'solved', seed });
        expect(finished.meanReturn as number).toBeGreaterThanOrEqual(trained);
      }
      const files = finished.policies.map(({ policyFile }) => policyFile);
      const { meanReturn } = await evaluate(files, { createWorker, ...PLAYED, deterministic: !sampled });
      expect(meanReturn).toBeGreaterThanOrEqual(played);
    });
  });
}

async function lastEvent(environment: string, seed: number): Promise<FinishedEvent> {
  for await (const event of train(environment, { createWorker, seed })) {
    if (event.kind === 'finished') return event;
  }
  throw new Error('Training ended without a result.');
}
