import { rmSync } from 'node:fs';
import { FolderStore } from '../../plugin/cli/folder-store.ts';
import { type CreateWorker, evaluate, type FinishedEvent, train, type UpdateEvent } from '../../plugin/training.ts';
import { describeMachine } from '../machine.ts';
import { isoDay } from '../results.ts';
import { thinCurve } from '../training-runs/train-once.ts';
import { PLAYED } from './ladder.ts';
import type { PlannedSceneRun } from './plan.ts';
import type { SceneRecord } from './scene-record.ts';

/** Points of a learning curve, about. */
const CURVE_POINTS = 60;

export interface TrainSceneOptions extends Pick<PlannedSceneRun, 'rung' | 'seed' | 'training'> {
  readonly createWorker: CreateWorker;
  /** where checkpoint and policies go; emptied before */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** called after each update with the decisions so far */
  readonly onProgress: (decisions: number) => void;
}

/** Trains a scene as `npm run train` does, and plays what came out. Undefined when it was interrupted. */
export async function trainScene(options: TrainSceneOptions): Promise<SceneRecord | undefined> {
  const { rung, seed, training, createWorker, folder, signal, onProgress } = options;
  const machine = describeMachine();
  rmSync(folder, { recursive: true, force: true });
  const store = await FolderStore.open(folder);
  const updates: UpdateEvent[] = [];
  let finished: FinishedEvent | undefined;
  try {
    for await (const event of train(rung.name, { ...training, seed, createWorker, store, signal })) {
      if (event.kind === 'finished') finished = event;
      if (event.kind !== 'update') continue;
      updates.push(event);
      onProgress(event.decisions);
    }
  } finally {
    store.release();
  }
  if (!finished || finished.reason === 'interrupted' || finished.meanReturn === null) return undefined;
  const { reason, workers, decisions, seconds, meanReturn } = finished;
  const curve = curveOf(updates);
  const files = finished.policies.map(({ policyFile }) => policyFile);
  const play = async (deterministic: boolean) => {
    const played = await evaluate(files, { createWorker, environment: rung.name, ...PLAYED, deterministic });
    return { mean: played.meanReturn, std: played.stdReturn, length: played.meanLength };
  };
  return {
    scene: rung.name,
    seed,
    date: isoDay(new Date()),
    machine,
    training: { ...training },
    workers,
    reason,
    decisions,
    seconds,
    meanReturn,
    atBar: findBar(updates, rung.trained ?? rung.bar),
    sampled: await play(false),
    deterministic: await play(true),
    curve: [...thinCurve(curve, decisions / CURVE_POINTS)],
  };
}

/**
 * When the mean return of 100 episodes had reached a bar, in the last lesson of every parameter: those before are easier
 * tasks, and of the first episodes those that go well may end first.
 */
export function findBar(
  updates: readonly Pick<UpdateEvent, 'policy' | 'decisions' | 'seconds' | 'episodes' | 'meanReturn' | 'lessons'>[],
  bar: number,
): SceneRecord['atBar'] {
  const whole = updates.filter(
    ({ episodes, lessons }) => episodes >= 100 && lessons.every(({ number, count }) => number === count),
  );
  const reached = curveOf(whole).find(([, , mean]) => mean >= bar);
  return reached ? { decisions: reached[0], seconds: reached[1] } : null;
}

/** [decisions, seconds, mean return] after each update; of several policies the one that is furthest behind counts, as it does for what ends a run. */
export function curveOf(
  updates: readonly Pick<UpdateEvent, 'policy' | 'decisions' | 'seconds' | 'meanReturn'>[],
): [number, number, number][] {
  const means = new Map<string, number>();
  const names = new Set(updates.map(({ policy }) => policy));
  return updates.flatMap(({ policy, decisions, seconds, meanReturn }) => {
    if (meanReturn !== null) means.set(policy, meanReturn);
    return means.size === names.size ? [[decisions, seconds, Math.min(...means.values())]] : [];
  });
}
