import { availableParallelism } from 'node:os';
import { requireSettings } from '../plugin/train/settings.ts';
import type { CreateWorker } from '../plugin/train/worker-handle.ts';
import type { Benchmark } from './benchmark.ts';
import { interleave } from './interleave.ts';
import { median } from './median.ts';
import { describeEnvironment, RolloutCrew, type RolloutSample } from './rollout-crew.ts';

const ENVIRONMENTS = ['balance-ball', 'walker'];

/** Areas in the one world of one worker. */
const AREAS = [16, 32, 64, 128, 256];

/** Rounds that warm up. */
const WARM_UP = 2;

/**
 * Rollouts alone, with the first policy that training would act with, each environment with its own training settings:
 * one worker, one worker for each core, and one worker with more and fewer areas.
 */
export const benchRollout: Benchmark = async ({ seconds, environment, prepareWorkers }) => {
  const createWorker = await prepareWorkers();
  const names = environment ? [environment] : ENVIRONMENTS;
  const found: Record<string, RolloutFigures> = {};
  for (const name of names) found[name] = await benchEnvironment(name, seconds / names.length, createWorker);
  const keys = Object.keys(found[names[0]]) as (keyof RolloutFigures)[];
  return Object.fromEntries(
    keys.map((key) => [key, Object.fromEntries(names.map((name) => [name, found[name][key]]))]),
  );
};

interface RolloutFigures {
  /** time inside Havok's step / time of the rollout, of one worker alone */
  readonly physicsShare: number;
  /** time in the policy / time of the rollout, likewise */
  readonly policyShare: number;
  /** decisions/s of all workers over those of one, the same areas shared out */
  readonly ratioWorkers: number;
  /** of one worker alone */
  readonly decisionsPerSecond: number;
  readonly physicsStepsPerSecond: number;
  readonly workers: number;
  readonly areas: number;
  /** of one worker alone: areas → decisions/s */
  readonly decisionsPerSecondByAreas: Readonly<Record<string, number>>;
  /** likewise: areas → µs inside Havok's step, per area and step */
  readonly physicsMicrosecondsByAreas: Readonly<Record<string, number>>;
}

async function benchEnvironment(name: string, seconds: number, createWorker: CreateWorker): Promise<RolloutFigures> {
  const description = await describeEnvironment(name, createWorker);
  const { until, ...preset } = description.training;
  const { areas } = requireSettings(preset);
  const workers = Math.min(availableParallelism(), areas);
  const crews: Record<string, RolloutCrew> = {};
  try {
    for (const count of new Set([areas, ...AREAS]))
      crews[count] = await RolloutCrew.open(description, 1, count, createWorker);
    crews.all = await RolloutCrew.open(description, workers, areas, createWorker);
    const samples = await sample(crews, seconds);
    const figure = (crew: string | number, pick: (sample: RolloutSample) => number) => median(samples[crew].map(pick));
    const rate = (crew: string | number) => figure(crew, ({ decisions, ms }) => (1000 * decisions) / ms);
    const byAreas = (of: (areas: number) => number) => Object.fromEntries(AREAS.map((areas) => [areas, of(areas)]));
    return {
      physicsShare: figure(areas, ({ physicsMs, workMs }) => physicsMs / workMs),
      policyShare: figure(areas, ({ policyMs, workMs }) => policyMs / workMs),
      ratioWorkers: rate('all') / rate(areas),
      decisionsPerSecond: rate(areas),
      physicsStepsPerSecond: figure(areas, ({ steps, ms }) => (1000 * steps) / ms),
      workers,
      areas,
      decisionsPerSecondByAreas: byAreas(rate),
      physicsMicrosecondsByAreas: byAreas((count) =>
        figure(count, ({ physicsMs, steps }) => (1000 * physicsMs) / steps),
      ),
    };
  } finally {
    for (const crew of Object.values(crews)) crew.dispose();
  }
}

/** Rollouts of all crews in turn, those that warm up left out. */
async function sample(
  crews: Readonly<Record<string, RolloutCrew>>,
  seconds: number,
): Promise<Readonly<Record<string, readonly RolloutSample[]>>> {
  const samples: Record<string, RolloutSample[]> = {};
  const variants = Object.fromEntries(
    Object.entries(crews).map(([name, crew]) => {
      samples[name] = [];
      return [name, async () => void samples[name].push(await crew.collect())];
    }),
  );
  await interleave(variants, { seconds, warmUp: WARM_UP });
  for (const taken of Object.values(samples)) taken.splice(0, WARM_UP);
  return samples;
}
