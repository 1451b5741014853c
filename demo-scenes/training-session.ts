import { type TrainingEvent, train } from '../plugin/training.ts';
import { createWorker } from './platform.ts';

/** A run of train() in the page's workers. */
export interface TrainingSession {
  /** resolves when it is over, rejects when it failed */
  readonly ended: Promise<void>;
  /** Ends it after the update at hand. */
  stop(): void;
}

/** Trains an environment from scratch; `show` is told of every event. */
export function startTraining(environment: string, show: (event: TrainingEvent) => void): TrainingSession {
  const abort = new AbortController();
  const run = async () => {
    for await (const event of train(environment, { createWorker, signal: abort.signal })) show(event);
  };
  return { ended: run(), stop: () => abort.abort() };
}
