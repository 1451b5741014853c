import { type CreateWorker, type TrainingOptions, train, type UpdateEvent } from '../plugin/training.ts';
import type { Benchmark } from './benchmark.ts';
import { median } from './median.ts';

/** Updates of the long session, and those at its start that do not count: memory is still being taken. */
const UPDATES = 200;
const SETTLING = 20;
/** Updates of a short session, and those that warm it up. */
const SHORT = 30;
const WARM_UP = 5;
/** Short sessions of each variant. */
const ROUNDS = 3;

/**
 * End-to-end training: sessions with and without overlap in turn, then a long one whose memory is watched. `ratioOverlap`
 * is decisions/s with overlap over those without.
 */
export const benchTrain: Benchmark = async ({ environment = 'balance-ball', prepareWorkers }) => {
  const createWorker = await prepareWorkers();
  const rates = { overlapped: [] as number[], inTurn: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const overlap of [true, false]) {
      const { updates } = await session(environment, createWorker, SHORT, { seed: round + 1, overlap });
      rates[overlap ? 'overlapped' : 'inTurn'].push(steadyRate(updates.slice(WARM_UP)));
    }
  }
  const long = await session(environment, createWorker, UPDATES, { seed: 1 });
  return {
    ratioOverlap: median(rates.overlapped) / median(rates.inTurn),
    memoryGrowth: growth(long.memory),
    decisionsPerSecondOverlapped: median(rates.overlapped),
    decisionsPerSecondInTurn: median(rates.inTurn),
    ...whereTimeWent(long.updates.slice(WARM_UP), long.epochs),
    memoryMiB: Math.round(median(long.memory.slice(-SETTLING)) / 2 ** 20),
    backend: long.backend,
    workers: long.workers,
    areas: long.areas,
  };
};

/** What is kept of an update; its weights would count as memory. */
type Update = Pick<UpdateEvent, 'times' | 'samples'>;

interface Session {
  readonly updates: readonly Update[];
  /** bytes resident after each update: all threads of this process */
  readonly memory: readonly number[];
  readonly epochs: number;
  readonly backend: string;
  readonly workers: number;
  readonly areas: number;
}

/** Trains for so many updates. */
async function session(
  environment: string,
  createWorker: CreateWorker,
  count: number,
  options: Omit<TrainingOptions, 'createWorker'>,
): Promise<Session> {
  const updates: Update[] = [];
  const memory: number[] = [];
  let epochs = 1;
  const abort = new AbortController();
  for await (const event of train(environment, { ...options, maxDecisions: 1e9, createWorker, signal: abort.signal })) {
    if (event.kind === 'started') epochs = event.settings.epochs;
    if (event.kind === 'update') {
      updates.push({ times: event.times, samples: event.samples });
      memory.push(process.memoryUsage.rss());
      if (updates.length === count) abort.abort();
    }
    if (event.kind !== 'finished') continue;
    const { backend, workers, areas } = event;
    return { updates, memory, epochs, backend, workers, areas };
  }
  throw new Error('Training ended without a result.');
}

/** Decisions/s over all of these updates together. */
function steadyRate(updates: readonly Update[]): number {
  const ms = updates.reduce((sum, { times }) => sum + times.totalMs, 0);
  return (1000 * updates.reduce((sum, { samples }) => sum + samples, 0)) / ms;
}

/** By how much the last updates hold more than the first that count. */
function growth(memory: readonly number[]): number {
  const settled = memory.slice(SETTLING);
  return median(settled.slice(-SETTLING)) / median(settled.slice(0, SETTLING)) - 1;
}

/** Medians: shares of the time between updates, and the learner's cost. */
function whereTimeWent(updates: readonly Update[], epochs: number) {
  const figure = (pick: (update: Update) => number) => median(updates.map(pick));
  return {
    physicsShare: figure(({ times }) => times.physicsMs / times.totalMs),
    policyShare: figure(({ times }) => times.policyMs / times.totalMs),
    learnerShare: figure(({ times }) => times.learnerMs / times.totalMs),
    workersIdleShare: figure(({ times }) => times.workersIdleMs / times.totalMs),
    learnerIdleShare: figure(({ times }) => times.learnerIdleMs / times.totalMs),
    learnerMicroseconds: figure(({ times, samples }) => (1000 * times.learnerMs) / (samples * epochs)),
  };
}
