import { type TrainingEvent, type TrainingOptions, train } from '../../plugin/training.ts';

/** What three updates of a shape came to. */
export interface TrainedShape {
  /** a file */
  readonly policy: Uint8Array;
  /** after each update */
  readonly decisions: readonly number[];
  /** whether learning went on after the first update */
  readonly changed: boolean;
  readonly warnings: readonly string[];
}

/** Trains by the settings of the shapes' worker file, on any platform. */
export async function trainShape(name: string, createWorker: TrainingOptions['createWorker']): Promise<TrainedShape> {
  const events: TrainingEvent[] = [];
  for await (const event of train(name, { createWorker, seed: 3, maxDecisions: 384 })) events.push(event);
  const updates = events.filter((event) => event.kind === 'update');
  const finished = events.find((event) => event.kind === 'finished');
  return {
    policy: finished!.policies[0].policyFile,
    decisions: updates.map(({ decisions }) => decisions),
    changed: updates[0].weights.some((value, i) => value !== updates.at(-1)!.weights[i]),
    warnings: events.filter((event) => event.kind === 'warning').map(({ message }) => message),
  };
}
