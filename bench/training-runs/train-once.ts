import { AgentsError, messageOf } from '../../plugin/core/errors.ts';
import type { PolicySpec } from '../../plugin/index.ts';
import { WorkerStopped } from '../../plugin/train/worker-handle.ts';
import {
  type CreateWorker,
  TRAINING_DEFAULTS,
  type TrainingSettings,
  train,
  type UpdateEvent,
} from '../../plugin/training.ts';
import { type Judging, PolicyJudge } from './policy-judge.ts';

/** Points of a learning curve, about. */
const CURVE_POINTS = 60;

/** How a training run ended. */
export interface TrainedRun {
  /** of the last 100 episodes; of those that it was judged by last, where it was */
  readonly meanReturn: number;
  readonly episodes: number;
  readonly decisions: number;
  /** wall clock, its start included */
  readonly seconds: number;
  readonly decisionsPerSecond: number;
  /** [decisions, mean return likewise] */
  readonly curve: readonly CurvePoint[];
  /** why it could not continue, when it ended before its budget; the figures are those that it had reached */
  readonly failure?: string;
}

export type CurvePoint = readonly [decisions: number, meanReturn: number];

export interface TrainOnceOptions {
  readonly environment: string;
  /** over the defaults; what the environment's author would train it with does not count */
  readonly settings: Partial<TrainingSettings>;
  /** for environments of one policy; left out, the episodes of training tell */
  readonly judging?: Judging | undefined;
  readonly createWorker: CreateWorker;
  readonly signal: AbortSignal;
  /** called after each update with the decisions so far */
  readonly onProgress?: (decisions: number) => void;
}

/** Trains for the whole budget. Undefined when it was interrupted; a run whose learning fails has a result all the same. */
export async function trainOnce(options: TrainOnceOptions): Promise<TrainedRun | undefined> {
  const { environment, judging, createWorker, signal, onProgress } = options;
  const settings: TrainingSettings = { ...TRAINING_DEFAULTS, ...options.settings };
  const judge = judging && new PolicyJudge(environment, judging.episodes, createWorker);
  const points: CurvePoint[] = [];
  let spec: PolicySpec | undefined;
  let last: UpdateEvent | undefined;
  const result = () => {
    const [, meanReturn] = points.at(-1) ?? [];
    if (!last || meanReturn === undefined) throw noEpisode(environment);
    const { episodes, decisions, seconds } = last;
    const curve = judge ? points : thinCurve(points, settings.maxDecisions / CURVE_POINTS);
    return { meanReturn, episodes, decisions, seconds, decisionsPerSecond: decisions / seconds, curve };
  };
  const isDue = ({ decisions }: UpdateEvent) =>
    decisions >= Math.min(settings.maxDecisions, (settings.maxDecisions * points.length) / (judging?.times ?? 1));
  try {
    for await (const event of train(environment, { ...settings, createWorker })) {
      if (signal.aborted) return undefined;
      if (event.kind === 'started') [spec] = event.policies;
      if (event.kind !== 'update') continue;
      last = event;
      const { decisions, meanReturn, weights } = event;
      if (!judge && meanReturn !== null) points.push([decisions, meanReturn]);
      if (judge && spec && isDue(event)) points.push([decisions, await judge.judge(spec, weights)]);
      onProgress?.(decisions);
    }
    return result();
  } catch (error) {
    if (!last || !isOfLearning(error)) throw error;
    return { ...result(), failure: messageOf(error).replace('[agents] ', '') };
  } finally {
    judge?.dispose();
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
