import { valuesOf } from '../plugin/core/parameters.ts';
import { createLearnerState } from '../plugin/learn/initialize.ts';
import { specsOf } from '../plugin/train/run-settings.ts';
import { requireSettings, type TrainingSettings } from '../plugin/train/settings.ts';
import { type CreateWorker, WorkerHandle } from '../plugin/train/worker-handle.ts';
import type { CollectedRollout, EnvironmentDescription } from '../plugin/train/worker-protocol.ts';
import { LEARNER_DEFAULTS } from '../plugin/training.ts';

/** One rollout of some workers at once. */
export interface RolloutSample {
  /** from the call to the last answer */
  readonly ms: number;
  readonly decisions: number;
  /** physics steps, summed over areas */
  readonly steps: number;
  /** ms summed over workers: of the whole rollout, inside Havok's step, in the policy */
  readonly workMs: number;
  readonly physicsMs: number;
  readonly policyMs: number;
}

/** Workers that collect together: the areas of one environment are shared out among them. */
export class RolloutCrew {
  readonly #workers: readonly WorkerHandle[];
  readonly #weights: readonly Float32Array[];
  #collected = 0;

  /** Starts the workers, and opens their worlds with the environment's own training settings. */
  static async open(
    description: EnvironmentDescription,
    workers: number,
    areas: number,
    createWorker: CreateWorker,
  ): Promise<RolloutCrew> {
    const { until, ...preset } = description.training;
    const settings = requireSettings(preset, { areas });
    const handles = Array.from(
      { length: workers },
      (_, i) => new WorkerHandle(`Rollout worker ${i + 1}`, createWorker),
    );
    const crew = new RolloutCrew(handles, description, settings);
    try {
      await Promise.all(handles.map((_, i) => crew.#open(i, description, settings)));
      return crew;
    } catch (error) {
      crew.dispose();
      throw error;
    }
  }

  private constructor(
    workers: readonly WorkerHandle[],
    description: EnvironmentDescription,
    settings: TrainingSettings,
  ) {
    this.#workers = workers;
    this.#weights = specsOf(description, settings).map(
      (spec) => createLearnerState(spec, LEARNER_DEFAULTS, settings.seed).weights,
    );
  }

  async collect(): Promise<RolloutSample> {
    const began = performance.now();
    const update = this.#collected++;
    const rollouts = await Promise.all(
      this.#workers.map((worker, i) => worker.call(({ rollout }) => rollout.collect(this.#weights, [update, i]))),
    );
    const ms = performance.now() - began;
    const total = (pick: (collected: CollectedRollout) => number) =>
      rollouts.reduce((sum, collected) => sum + pick(collected), 0);
    return {
      ms,
      decisions: total(({ policies }) => policies.reduce((sum, { decisions }) => sum + decisions, 0)),
      steps: total(({ physicsSteps }) => physicsSteps),
      workMs: total(({ times }) => times.totalMs),
      physicsMs: total(({ times }) => times.physicsMs),
      policyMs: total(({ times }) => times.policyMs),
    };
  }

  dispose(): void {
    for (const worker of this.#workers) worker.dispose();
  }

  async #open(i: number, description: EnvironmentDescription, settings: TrainingSettings): Promise<void> {
    const { areas, seed, horizon, discount, lambda } = settings;
    const terms = { parameters: valuesOf(settings.parameters), stage: 0 };
    const { length: workers } = this.#workers;
    const firstArea = Math.floor((i * areas) / workers);
    const share = Math.floor(((i + 1) * areas) / workers) - firstArea;
    const policies = specsOf(description, settings).map((spec) => ({ spec, discount, lambda }));
    const task = {
      environment: description.name,
      areas: share,
      firstArea,
      seeds: [seed],
      stagger: settings.stagger,
      terms,
    };
    await this.#workers[i].call(({ rollout }) => rollout.open({ ...task, policies, horizon }));
  }
}

/** What a worker says of an environment. */
export async function describeEnvironment(name: string, createWorker: CreateWorker): Promise<EnvironmentDescription> {
  const worker = new WorkerHandle('Worker', createWorker);
  try {
    return (await worker.call(({ rollout }) => rollout.describe([name])))[0];
  } finally {
    worker.dispose();
  }
}
