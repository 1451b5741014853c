import { AgentsError, messageOf } from '../../plugin/core/errors.ts';
import { WorkerStopped } from '../../plugin/train/worker-handle.ts';
import {
  type CreateWorker,
  TRAINING_DEFAULTS,
  type TrainingSettings,
  train,
  type UpdateEvent,
} from '../../plugin/training.ts';

/** Points of a learning curve, about. */
const CURVE_POINTS = 60;

/** How a training run ended. */
export interface TrainedRun {
  /** of the last 100 episodes */
  readonly meanReturn: number;
  readonly episodes: number;
  readonly decisions: number;
  /** wall clock, its start included */
  readonly seconds: number;
  readonly decisionsPerSecond: number;
  /** [decisions, mean return of the last 100 episodes] */
  readonly curve: readonly CurvePoint[];
  /** why it could not go on, when it ended before its budget; the figures are those that it had reached */
  readonly failure?: string;
}

export type CurvePoint = readonly [decisions: number, meanReturn: number];

export interface TrainOnceOptions {
  readonly environment: string;
  /** over the defaults; what the environment's author would train it with does not count */
  readonly settings: Partial<TrainingSettings>;
  readonly createWorker: CreateWorker;
  readonly signal: AbortSignal;
  /** called after each update with the decisions so far */
  readonly onProgress?: (decisions: number) => void;
}

/** Trains for the whole budget. Undefined when it was interrupted; a run whose learning fails has a result all the same. */
export async function trainOnce(options: TrainOnceOptions): Promise<TrainedRun | undefined> {
  const { environment, createWorker, signal, onProgress } = options;
  const settings: TrainingSettings = { ...TRAINING_DEFAULTS, ...options.settings };
  const means: CurvePoint[] = [];
  let last: UpdateEvent | undefined;
  const result = () => {
    if (last?.meanReturn == null) throw noEpisode(environment);
    const { meanReturn, episodes, decisions, seconds } = last;
    const curve = thinCurve(means, settings.maxDecisions / CURVE_POINTS);
    return { meanReturn, episodes, decisions, seconds, decisionsPerSecond: decisions / seconds, curve };
  };
  try {
    for await (const event of train(environment, { ...settings, createWorker })) {
      if (signal.aborted) return undefined;
      if (event.kind !== 'update') continue;
      last = event;
      if (event.meanReturn !== null) means.push([event.decisions, event.meanReturn]);
      onProgress?.(event.decisions);
    }
    return result();
  } catch (error) {
    if (!last || !isOfLearning(error)) throw error;
    return { ...result(), failure: messageOf(error).replace('[agents] ', '') };
  }
}

/** Points of a learning curve, whose first number is its decisions: the first of every `spacing` decisions, and the last. */
export function thinCurve<Point extends readonly [decisions: number, ...rest: number[]]>(
  points: readonly Point[],
  spacing: number,
): Point[] {
  const stretch = ([decisions]: Point) => Math.floor((decisions - 1) / spacing);
  return points.filter((point, i) => {
    const isFirst = i === 0 || stretch(point) > stretch(points[i - 1]);
    return isFirst || i === points.length - 1;
  });
}

/** Whether learning led there: numbers that stopped being finite, and not a thread that died or a mistake in the code. */
function isOfLearning(error: unknown): boolean {
  for (let cause: unknown = error; cause !== undefined; cause = (cause as Error).cause)
    if (!AgentsError.is(cause) || cause instanceof WorkerStopped) return false;
  return true;
}

function noEpisode(environment: string): AgentsError {
  return new AgentsError(
    `A run in "${environment}" ended before one of its episodes did. Give it more decisions than an episode has.`,
  );
}
