import type { UpdateResult } from '../learn/learner.ts';
import type { Progress, ProgressState } from './progress.ts';
import type { TakenRollout } from './rollout-stream.ts';
import type { RunParts } from './run-parts.ts';
import { policyFileOf, type SavedRun } from './save-run.ts';
import type { FinishedEvent, FinishReason, StartedEvent, UpdateEvent, UpdateTimes } from './training-event.ts';
import type { CollectedRollout } from './worker-protocol.ts';

/** @param before what earlier sessions had come to */
export function startedEvent(parts: RunParts, before: ProgressState): StartedEvent {
  const { description, settings, trainers, goal, curriculum, checkpoint, trained } = parts;
  const { workers, areas } = settings;
  const [{ opened }] = trainers;
  return {
    kind: 'started',
    environment: description.name,
    policies: trainers.map((trainer) => trainer.spec),
    settings,
    goal: goal ?? null,
    workers,
    areas,
    agents: areas * description.agentsPerArea,
    backend: opened.backend,
    backendReason: opened.reason,
    resumedFrom: checkpoint?.progress.updates ?? null,
    from: [...trained.keys()],
    decisions: before.decisions,
    seconds: before.seconds,
    lessons: curriculum.standing,
  };
}

/** What an update of policy `p` did. */
export function updateEvent(
  { trainers, curriculum }: RunParts,
  progress: Progress,
  p: number,
  { statistics }: UpdateResult,
  taken: TakenRollout,
  times: UpdateTimes,
): UpdateEvent {
  const { spec, weights } = trainers[p];
  const { updates: update, decisions, physicsSteps, episodes, seconds } = progress.state;
  const perSecond = 1000 / times.totalMs;
  return {
    kind: 'update',
    policy: spec.name,
    update,
    decisions,
    physicsSteps,
    episodes,
    seconds,
    ...progress.summaryOf(p),
    decisionsPerSecond: decisionsOf(taken) * perSecond,
    physicsStepsPerSecond: physicsStepsOf(taken) * perSecond,
    times,
    lessons: curriculum.standing,
    weights: weights.slice(), // the learner writes over its own when it has made two more
    ...statistics,
  };
}

/** What a session comes to its end with. */
export interface SessionEnd {
  readonly reason: FinishReason;
  /** progress of earlier sessions */
  readonly before: ProgressState;
  /** the files that were written last; nothing without a store */
  readonly saved: SavedRun | undefined;
  /** updates in the store's checkpoint */
  readonly savedUpdates: number | null;
}

export function finishedEvent(
  parts: RunParts,
  progress: Progress,
  { reason, before, saved, savedUpdates }: SessionEnd,
): FinishedEvent {
  const { description, settings, trainers } = parts;
  const { decisions, physicsSteps, seconds, updates, episodes, solvedAtSeconds, solvedAtDecisions } = progress.state;
  const { seed, workers, areas } = settings;
  const policies = trainers.map(({ spec }, p) => ({
    name: spec.name,
    meanReturn: progress.summaryOf(p).meanReturn,
    policyPath: saved?.policies[p].policyPath ?? null,
    policyFile: policyFileOf(parts, progress, p),
  }));
  return {
    kind: 'finished',
    reason,
    environment: description.name,
    seed,
    backend: trainers[0].opened.backend,
    workers,
    areas,
    decisions,
    physicsSteps,
    seconds,
    decisionsPerSecond: (decisions - before.decisions) / Math.max(seconds - before.seconds, 1e-9),
    updates,
    episodes,
    meanReturn: progress.meanReturn,
    solved: solvedAtSeconds !== null,
    solvedAtSeconds,
    solvedAtDecisions,
    checkpointPath: saved?.checkpointPath ?? null,
    savedUpdates,
    unwritten: saved?.unwritten ?? [],
    policies,
  };
}

/** Where the `totalMs` since the update before went. */
export function timesOf({ rollouts, rolloutMs }: TakenRollout, learnerMs: number, totalMs: number): UpdateTimes {
  const mean = (pick: (rollout: CollectedRollout) => number) => sum(rollouts.map(pick)) / rollouts.length;
  return {
    totalMs,
    rolloutMs,
    physicsMs: mean(({ times }) => times.physicsMs),
    policyMs: mean(({ times }) => times.policyMs),
    learnerMs,
    workersIdleMs: Math.max(0, totalMs - mean(({ times }) => times.totalMs)),
    learnerIdleMs: totalMs - learnerMs,
  };
}

/** Of all policies and workers together. */
export function decisionsOf({ rollouts }: TakenRollout): number {
  return sum(rollouts.flatMap(({ policies }) => policies.map(({ decisions }) => decisions)));
}

export function physicsStepsOf({ rollouts }: TakenRollout): number {
  return sum(rollouts.map(({ physicsSteps }) => physicsSteps));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
