import { AgentsError } from '../core/errors.ts';
import type { Rollout } from '../core/rollout.ts';
import type { PolicySpec } from '../policy/policy.ts';
import type { WorldPosition } from './rollout-stream.ts';
import type { TrainingSettings } from './settings.ts';
import { type CreateWorker, WorkerHandle, WorkerStopped } from './worker-handle.ts';
import type { ActionLog, CollectedRollout, WorldRequest } from './worker-protocol.ts';

/** A worker that dies this often without answering a call in between is not started again. */
const MOST_CRASHES = 3;

export interface RolloutPoolOptions {
  readonly environment: string;
  /** the policy that the workers act with */
  readonly spec: PolicySpec;
  readonly settings: TrainingSettings;
  readonly createWorker: CreateWorker;
  /** workers that run already; the pool takes them over, and disposes those that it has no use for */
  readonly started?: readonly WorkerHandle[];
  /** told of every worker that died and was started again */
  readonly warn: (message: string) => void;
}

/** The rollout workers of a run: opens them, shares the areas out, brings back to life what dies. */
export class RolloutPool {
  readonly #options: RolloutPoolOptions;
  readonly #workers: WorkerHandle[] = [];
  readonly #history: ActionLog[][];
  #generation: number;
  #disposed = false;

  /** Opens `settings.workers` workers, and lives through what an earlier session did in this generation of worlds. */
  static async open(
    options: RolloutPoolOptions,
    generation = 0,
    history: readonly (readonly ActionLog[])[] = [],
  ): Promise<RolloutPool> {
    const pool = new RolloutPool(options, generation, history);
    try {
      await Promise.all(pool.#workers.map((_, i) => pool.#call(i, (worker) => pool.#build(worker, i))));
      return pool;
    } catch (error) {
      pool.dispose();
      throw error;
    }
  }

  private constructor(options: RolloutPoolOptions, generation: number, history: readonly (readonly ActionLog[])[]) {
    this.#options = options;
    this.#generation = generation;
    const { settings, started = [] } = options;
    const { workers } = settings;
    this.#history = Array.from({ length: workers }, (_, i) => [...(history[i] ?? [])]);
    for (let i = 0; i < workers; i++) this.#workers.push(started[i] ?? this.#start(i));
    for (const spare of started.slice(workers)) spare.dispose();
  }

  /** How far the worlds have come. */
  get position(): WorldPosition {
    return { generation: this.#generation, lived: this.#history[0].length };
  }

  /** What every worker has done since its world was built, rollout by rollout. */
  get history(): readonly (readonly ActionLog[])[] {
    return this.#history;
  }

  /** Collects one rollout in every worker. */
  async collect(parameters: Float32Array, update: number): Promise<readonly CollectedRollout[]> {
    const { seed } = this.#options.settings;
    const collected = await Promise.all(
      this.#workers.map((_, i) =>
        this.#call(i, (worker) =>
          worker.call((services) => services.rollout.collect(parameters, [seed, ACTIONS, update, i])),
        ),
      ),
    );
    collected.forEach(({ rollout }, i) => {
      this.#history[i].push(logActions(rollout));
    });
    return collected;
  }

  /**
   * Builds all worlds anew, with other chance than before: what was done in the old ones need not be kept any more, and
   * `position` says so at once.
   */
  async rebuild(): Promise<void> {
    this.#generation++;
    for (const log of this.#history) log.length = 0;
    await Promise.all(this.#workers.map((_, i) => this.#call(i, (worker) => this.#build(worker, i))));
  }

  dispose(): void {
    this.#disposed = true;
    for (const worker of this.#workers) worker.dispose();
  }

  /** Calls worker i; when it dies, starts another in its place, brings that one to the same state and calls again. */
  async #call<T>(i: number, request: (worker: WorkerHandle) => Promise<T>): Promise<T> {
    for (let crashes = 1; ; crashes++) {
      try {
        if (crashes > 1) await this.#build(this.#workers[i], i);
        return await request(this.#workers[i]);
      } catch (error) {
        if (this.#disposed || !(error instanceof WorkerStopped)) throw error;
        if (crashes === MOST_CRASHES) {
          throw new AgentsError(
            `${error.what} That was its crash number ${crashes} in a row, so the run ends; a checkpoint that it saved is whole. Where memory ran out, ask for fewer areas.`,
            { cause: error },
          );
        }
        this.#options.warn(`${error.what} It is started again.`);
        this.#workers[i].dispose();
        this.#workers[i] = this.#start(i);
      }
    }
  }

  #start(i: number): WorkerHandle {
    return startRolloutWorker(i, this.#options.createWorker);
  }

  async #build(worker: WorkerHandle, i: number): Promise<void> {
    await worker.call((services) => services.rollout.open(this.#worldRequest(i)));
    if (this.#history[i].length > 0) await worker.call((services) => services.rollout.replay(this.#history[i]));
  }

  #worldRequest(i: number): WorldRequest {
    const { environment, spec, settings } = this.#options;
    const { areas, workers, seed, parameters, horizon, discount, lambda } = settings;
    const firstArea = Math.floor((i * areas) / workers);
    return {
      environment,
      areas: Math.floor(((i + 1) * areas) / workers) - firstArea,
      firstArea,
      seeds: [seed, AREAS, this.#generation],
      parameters,
      spec,
      horizon,
      discount,
      lambda,
    };
  }
}

/** Starts the rollout worker with index `i`. */
export function startRolloutWorker(i: number, createWorker: CreateWorker): WorkerHandle {
  return new WorkerHandle(`Rollout worker ${i + 1}`, createWorker);
}

/** Keep the streams of choosing actions and of areas apart. */
const ACTIONS = 1;
const AREAS = 2;

/** Copies the actions out of columns that the next rollout will overwrite. */
function logActions({ continuousAction, discreteAction }: Rollout): ActionLog {
  return { continuousAction: Float32Array.from(continuousAction), discreteAction: Int32Array.from(discreteAction) };
}
