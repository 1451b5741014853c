import type { CreateWorker, TrainingSettings } from '../../plugin/training.ts';
import type { Judging } from './policy-judge.ts';
import type { RunsDisplay } from './runs-display.ts';
import { type TrainedRun, trainOnce } from './train-once.ts';

/** A training run that is to be made. */
export interface PlannedRun {
  /** for people: `clip-0.2 on cartpole, seed 1` */
  readonly title: string;
  readonly environment: string;
  /** seed and budget included */
  readonly settings: Partial<TrainingSettings> & Pick<TrainingSettings, 'seed' | 'maxDecisions'>;
  readonly judging?: Judging | undefined;
}

export interface RunAllOptions<Plan extends PlannedRun> {
  readonly createWorker: CreateWorker;
  /** ends all of them; what is not done by then has no result */
  readonly signal: AbortSignal;
  /** runs side by side, each of which keeps about one core busy */
  readonly atOnce: number;
  readonly display: RunsDisplay;
  /** called as each run is done */
  readonly onResult: (plan: Plan, result: TrainedRun) => void;
}

/** Makes the runs, begun in their order. One that cannot be made ends all the others. */
export async function runAll<Plan extends PlannedRun>(
  plans: readonly Plan[],
  { createWorker, signal, atOnce, display, onResult }: RunAllOptions<Plan>,
): Promise<void> {
  const left = [...plans];
  const broken = new AbortController();
  const stop = AbortSignal.any([signal, broken.signal]);
  const makeOneAfterAnother = async () => {
    for (let plan = left.shift(); plan && !stop.aborted; plan = left.shift()) {
      const { environment, settings, judging } = plan;
      const onProgress = display.follow(plan);
      const result = await trainOnce({ environment, settings, judging, createWorker, signal: stop, onProgress });
      if (!result) return;
      onResult(plan, result);
      display.finished(plan, result);
    }
  };
  const lanes = Array.from({ length: atOnce }, () =>
    makeOneAfterAnother().catch((error: unknown) => {
      broken.abort();
      throw error;
    }),
  );
  const failed = (await Promise.allSettled(lanes)).find((lane) => lane.status === 'rejected');
  if (failed) throw failed.reason;
}
