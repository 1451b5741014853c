import { createLearnerState } from '../plugin/learn/initialise.ts';
import { RolloutPool } from '../plugin/train/rollout-pool.ts';
import { specOf } from '../plugin/train/run-settings.ts';
import { requireSettings } from '../plugin/train/settings.ts';
import { type CreateWorker, WorkerHandle } from '../plugin/train/worker-handle.ts';
import { type EnvironmentDescription, LEARNER_DEFAULTS } from '../plugin/training.ts';
import { median } from './median.ts';

/** Rollouts alone, with the first policy that training would act with: what one thread and all threads collect. */
export interface RolloutFigures {
  /** of one worker alone */
  readonly decisionsPerSecond: number;
  readonly physicsStepsPerSecond: number;
  /** time in physics steps / time of the rollout, one worker */
  readonly physicsShare: number;
  /** time in the policy / time of the rollout, one worker */
  readonly policyShare: number;
  /** decisions/s of `workers` workers over those of one */
  readonly ratioWorkers: number;
  readonly workers: number;
  readonly areas: number;
}

/** Collects with one worker and with several in turn, for about `seconds`, and takes medians. */
export async function benchRollout(
  environment: string,
  seconds: number,
  createWorker: CreateWorker,
  cores: number,
): Promise<RolloutFigures> {
  const description = await describe(environment, createWorker);
  const { until, ...training } = description.training;
  const settings = requireSettings(training, { workers: 1 });
  const spec = specOf(description, settings);
  const several = requireSettings(training, { workers: Math.min(cores, settings.areas) });
  const warn = (message: string) => process.stderr.write(`${message}\n`);
  const pools = [
    await RolloutPool.open({ environment, spec, settings, createWorker, warn }),
    await RolloutPool.open({ environment, spec, settings: several, createWorker, warn }),
  ];
  try {
    const { parameters } = createLearnerState(spec, LEARNER_DEFAULTS, settings.seed);
    const samples: Sample[][] = [[], []];
    for (
      let update = 0, began = performance.now();
      performance.now() - began < seconds * 1000 || update < 5;
      update++
    ) {
      for (const [i, pool] of pools.entries()) samples[i].push(await measure(pool, parameters, update));
    }
    const figure = (pick: (sample: Sample) => number, which = 0) => median(samples[which].slice(2).map(pick)); // the first two warm up
    return {
      decisionsPerSecond: figure((sample) => sample.decisions / sample.seconds),
      physicsStepsPerSecond: figure((sample) => sample.physicsSteps / sample.seconds),
      physicsShare: figure((sample) => sample.physicsShare),
      policyShare: figure((sample) => sample.policyShare),
      ratioWorkers:
        figure((sample) => sample.decisions / sample.seconds, 1) /
        figure((sample) => sample.decisions / sample.seconds),
      workers: several.workers,
      areas: settings.areas,
    };
  } finally {
    for (const pool of pools) pool.dispose();
  }
}

interface Sample {
  readonly seconds: number;
  readonly decisions: number;
  readonly physicsSteps: number;
  readonly physicsShare: number;
  readonly policyShare: number;
}

async function measure(pool: RolloutPool, parameters: Float32Array, update: number): Promise<Sample> {
  const began = performance.now();
  const collected = await pool.collect(parameters, update);
  const seconds = (performance.now() - began) / 1000;
  const total = (pick: (rollout: (typeof collected)[number]) => number) =>
    collected.reduce((sum, rollout) => sum + pick(rollout), 0);
  const totalMs = total(({ times }) => times.totalMs);
  return {
    seconds,
    decisions: total(({ decisions }) => decisions),
    physicsSteps: total(({ physicsSteps }) => physicsSteps),
    physicsShare: total(({ times }) => times.physicsMs) / totalMs,
    policyShare: total(({ times }) => times.policyMs) / totalMs,
  };
}

async function describe(environment: string, createWorker: CreateWorker): Promise<EnvironmentDescription> {
  const worker = new WorkerHandle('Worker', createWorker);
  try {
    return (await worker.call((services) => services.rollout.describe([environment])))[0];
  } finally {
    worker.dispose();
  }
}
