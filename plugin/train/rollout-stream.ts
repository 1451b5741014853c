import type { RolloutOrder, RolloutPool } from './rollout-pool.ts';
import type { CollectedRollout } from './worker-protocol.ts';

/** How far the worlds of a run have come: enough to bring new ones there. */
export interface WorldPosition {
  /** how often the worlds were rebuilt */
  readonly generation: number;
  /** rollouts since then */
  readonly lived: number;
}

/** A rollout of every worker, on its way or there. */
interface Collecting extends WorldPosition {
  readonly order: RolloutOrder;
  readonly collected: Promise<TakenRollout>;
}

/** One rollout of every worker, and the wall-clock time that it took. */
export interface TakenRollout {
  readonly rollouts: readonly CollectedRollout[];
  readonly rolloutMs: number;
}

export interface RolloutStreamOptions {
  /** the number of the first rollout */
  readonly first: number;
  /** rollouts after which worlds are rebuilt */
  readonly lifetime: number;
}

/**
 * The rollouts of a pool, one after another. Worlds cannot be saved, so a checkpoint keeps the actions of all that was
 * done in them; to bound that, they are rebuilt after `lifetime` rollouts.
 */
export class RolloutStream {
  readonly #pool: RolloutPool;
  readonly #lifetime: number;
  #next: number;
  #collecting: Collecting | undefined;

  constructor(pool: RolloutPool, { first, lifetime }: RolloutStreamOptions) {
    this.#pool = pool;
    this.#next = first;
    this.#lifetime = lifetime;
  }

  /** Whether a rollout was begun and not taken yet. */
  get collecting(): boolean {
    return this.#collecting !== undefined;
  }

  /** Where the worlds stood before the rollout that was begun, or stand now if none was. */
  get position(): WorldPosition {
    return this.#collecting ?? this.#pool.position;
  }

  /** What the rollout that was begun is collected with. */
  get order(): RolloutOrder | undefined {
    return this.#collecting?.order;
  }

  /** Begins to collect the next rollout; the weights must not change before the one after it is begun. */
  begin(order: RolloutOrder): void {
    const began = performance.now();
    const rebuilt = this.#pool.position.lived >= this.#lifetime ? this.#pool.rebuild(order.lessons) : undefined;
    const { position } = this.#pool;
    const collect = async () => {
      await rebuilt;
      const rollouts = await this.#pool.collect(order, this.#next++);
      return { rollouts, rolloutMs: performance.now() - began };
    };
    const collected = collect();
    collected.catch(() => {}); // whoever takes it hears of it; nobody may, when the run ends first
    this.#collecting = { ...position, order, collected };
  }

  /** Resolves when no worker is collecting any more; take() returns the result. */
  async settled(): Promise<void> {
    await this.#collecting?.collected.catch(() => {});
  }

  /** Waits for the rollout that was begun. */
  async take(): Promise<TakenRollout> {
    if (!this.#collecting) throw new RangeError('take() came before begin().');
    const taken = await this.#collecting.collected;
    this.#collecting = undefined;
    return taken;
  }
}
