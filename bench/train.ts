import { type CreateWorker, train, type UpdateEvent } from '../plugin/training.ts';
import { median } from './median.ts';

/** End-to-end training, seed 1, for some seconds. */
export interface TrainFigures {
  /** over the whole session, its start included */
  readonly decisionsPerSecond: number;
  /** median over updates */
  readonly decisionsPerSecondSteady: number;
  readonly decisions: number;
  readonly seconds: number;
  readonly meanReturn: number | null;
  /** shares of an update's time, medians; physics and policy within the rollout, of the mean worker */
  readonly rolloutShare: number;
  readonly learnerShare: number;
  readonly physicsShare: number;
  readonly policyShare: number;
  /** µs of the learner per sample and epoch */
  readonly learnerMicroseconds: number;
  readonly backend: string;
  readonly workers: number;
  readonly areas: number;
}

/** Trains for about `seconds` and reports where the time went. */
export async function benchTrain(
  environment: string,
  seconds: number,
  createWorker: CreateWorker,
): Promise<TrainFigures> {
  const updates: UpdateEvent[] = [];
  let epochs = 1;
  for await (const event of train(environment, { createWorker, maxSeconds: seconds, seed: 1 })) {
    if (event.kind === 'started') epochs = event.settings.epochs;
    if (event.kind === 'update') updates.push(event);
    if (event.kind !== 'finished') continue;
    const figure = (pick: (update: UpdateEvent) => number) => median(updates.slice(2).map(pick)); // the first two warm up
    const { decisionsPerSecond, decisions, meanReturn, backend, workers, areas } = event;
    return {
      decisionsPerSecond,
      decisionsPerSecondSteady: figure((update) => update.decisionsPerSecond),
      decisions,
      seconds: event.seconds,
      meanReturn,
      rolloutShare: figure(({ times }) => times.rolloutMs / times.totalMs),
      learnerShare: figure(({ times }) => times.learnerMs / times.totalMs),
      physicsShare: figure(({ times }) => times.physicsMs / times.rolloutMs),
      policyShare: figure(({ times }) => times.policyMs / times.rolloutMs),
      learnerMicroseconds: figure(({ times, samples }) => (1000 * times.learnerMs) / (samples * epochs)),
      backend,
      workers,
      areas,
    };
  }
  throw new Error('Training ended without a result.');
}
