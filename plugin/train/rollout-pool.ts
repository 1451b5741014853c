import { AgentsError } from '../core/errors.ts';
import { type Lessons, valuesOf } from '../core/parameters.ts';
import type { PolicySpec } from '../policy/policy.ts';
import { countCompleted } from './curriculum.ts';
import type { WorldPosition } from './rollout-stream.ts';
import { settingsOfPolicy, type TrainingSettings } from './settings.ts';
import { type CreateWorker, WorkerHandle, WorkerStopped } from './worker-handle.ts';
import type { CollectedRollout, EpisodeTerms, WorldRequest } from './worker-protocol.ts';
import { type PoolHistory, WorldLog } from './world-log.ts';

/** A worker that dies this often without answering a call in between is not started again. */
const MOST_CRASHES = 3;

export interface RolloutPoolOptions {
  readonly environment: string;
  /** the policies that the workers act with */
  readonly specs: readonly PolicySpec[];
  readonly settings: TrainingSettings;
  readonly createWorker: CreateWorker;
  /** workers that run already; the pool takes them over, and disposes those that it has no use for */
  readonly started?: readonly WorkerHandle[];
  /** called for every worker that died and was restarted */
  readonly warn: (message: string) => void;
}

/** What a rollout is collected with. */
export interface RolloutOrder {
  /** [P] of each policy: what acts */
  readonly weights: readonly Float32Array[];
  /** what episodes begin with */
  readonly lessons: Lessons;
}

/** The rollout workers of a run: opens them, shares the areas out, brings back to life what dies. */
export class RolloutPool {
  readonly #options: RolloutPoolOptions;
  readonly #workers: WorkerHandle[] = [];
  readonly #log: WorldLog;
  /** whether it was said that worlds come out differently now */
  #saidDifferent = false;
  /** of the worlds' first rollout, as long as it is not there */
  #first: Lessons;
  #disposed = false;

  /** Opens `settings.workers` workers, and lives through what an earlier session did in this generation of worlds; `next` are the lessons after it. */
  static async open(options: RolloutPoolOptions, next: Lessons, history?: PoolHistory): Promise<RolloutPool> {
    const pool = new RolloutPool(options, next, history);
    try {
      await Promise.all(pool.#workers.map((_, i) => pool.#call(i, (worker) => pool.#build(worker, i))));
      return pool;
    } catch (error) {
      pool.dispose();
      throw error;
    }
  }

  private constructor(options: RolloutPoolOptions, next: Lessons, history?: PoolHistory) {
    this.#options = options;
    this.#first = next;
    const { settings, started = [] } = options;
    const { workers } = settings;
    this.#log = new WorldLog(workers, history);
    for (let i = 0; i < workers; i++) this.#workers.push(started[i] ?? this.#start(i));
    for (const spare of started.slice(workers)) spare.dispose();
  }

  /** How far the worlds have come. */
  get position(): WorldPosition {
    return this.#log.position;
  }

  /** What was done up to a position of this generation. */
  historyUpTo(position: WorldPosition): PoolHistory {
    return this.#log.upTo(position);
  }

  /** Collects one rollout in every worker. */
  async collect({ weights, lessons }: RolloutOrder, update: number): Promise<readonly CollectedRollout[]> {
    const { seed } = this.#options.settings;
    const terms = this.#termsOf(lessons);
    const collected = await Promise.all(
      this.#workers.map((_, i) =>
        this.#call(i, (worker) =>
          worker.call((services) => services.rollout.collect(weights, [seed, ACTIONS, update, i], terms)),
        ),
      ),
    );
    this.#log.add(collected, lessons);
    return collected;
  }

  /**
   * Rebuilds all worlds, with other random streams than before and for a first rollout in these lessons: what was done in the old
   * ones need not be kept any more, and `position` says so at once.
   */
  async rebuild(first: Lessons): Promise<void> {
    this.#log.clear();
    this.#first = first;
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
            `${error.what} It crashed ${crashes} times in a row, so the run was stopped. The last checkpoint is valid.${error.advice ? ` ${error.advice}` : ''}`,
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
    const lived = this.#log.ofWorker(i).map(({ actions, lessons }) => ({ actions, terms: this.#termsOf(lessons) }));
    if (lived.length === 0) return;
    this.#compare(i, await worker.call((services) => services.rollout.replay(lived)));
  }

  /** Says once if a world that was lived through again came out differently, and takes it as it is now. */
  #compare(i: number, now: readonly number[]): void {
    const at = this.#log.compare(i, now);
    if (at === undefined) return;
    if (this.#saidDifferent) return;
    this.#saidDifferent = true;
    this.#options.warn(
      `Environment "${this.#options.environment}" comes out differently than before: rollout worker ${i + 1} took the actions of its last ${now.length} rollouts again, and from number ${at + 1} on they led to other rewards or observations. Its code, its files or the libraries under it have changed, or it uses chance or time of its own, such as Math.random() or Date.now(). Training continues in the world as it is now, not as it would have without the break.`,
    );
  }

  #termsOf(lessons: Lessons): EpisodeTerms {
    return {
      parameters: valuesOf(this.#options.settings.parameters, lessons),
      stage: countCompleted(lessons),
    };
  }

  #worldRequest(i: number): WorldRequest {
    const { environment, specs, settings } = this.#options;
    const { seed, stagger, horizon } = settings;
    const firstArea = firstAreaOf(i, settings);
    return {
      environment,
      areas: firstAreaOf(i + 1, settings) - firstArea,
      firstArea,
      seeds: [seed, AREAS, this.#log.position.generation],
      stagger,
      terms: this.#termsOf(this.#log.firstLessons ?? this.#first),
      policies: specs.map((spec) => {
        const { discount, lambda } = settingsOfPolicy(settings, spec.name);
        return { spec, discount, lambda };
      }),
      horizon,
    };
  }
}

/** The number of the first area that the rollout worker with index `i` has. */
export function firstAreaOf(i: number, { areas, workers }: Pick<TrainingSettings, 'areas' | 'workers'>): number {
  return Math.floor((i * areas) / workers);
}

/** Starts the rollout worker with index `i`. */
export function startRolloutWorker(i: number, createWorker: CreateWorker): WorkerHandle {
  return new WorkerHandle(`Rollout worker ${i + 1}`, createWorker);
}

/** Keep the streams of choosing actions and of areas apart. */
const ACTIONS = 1;
const AREAS = 2;
