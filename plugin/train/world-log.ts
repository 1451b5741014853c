import type { Lessons } from '../core/parameters.ts';
import type { Rollout } from '../core/rollout.ts';
import type { WorldPosition } from './rollout-stream.ts';
import type { ActionLog, CollectedRollout } from './worker-protocol.ts';

/** What workers have done since their worlds were built. */
export interface PoolHistory {
  /** how often they were rebuilt */
  readonly generation: number;
  /** of every worker, rollout by rollout, policy by policy */
  readonly actions: readonly (readonly (readonly ActionLog[])[])[];
  /** of each of those rollouts: what its episodes began with */
  readonly lessons: readonly Lessons[];
  /** of every worker, rollout by rollout: what it came to */
  readonly fingerprints: readonly (readonly number[])[];
}

/** A rollout of one worker: the actions of each policy, and the lessons that it was begun in. */
export interface LoggedRollout {
  readonly actions: readonly ActionLog[];
  readonly lessons: Lessons;
}

/** Logs what the workers of a run do, so that lost worlds can be replayed. */
export class WorldLog {
  readonly #actions: (readonly ActionLog[])[][];
  readonly #lessons: Lessons[];
  readonly #fingerprints: number[][];
  #generation: number;

  constructor(workers: number, history?: PoolHistory) {
    const each = <T>(logs: readonly (readonly T[])[] = []) =>
      Array.from({ length: workers }, (_, i) => [...(logs[i] ?? [])]);
    this.#generation = history?.generation ?? 0;
    this.#actions = each(history?.actions);
    this.#lessons = [...(history?.lessons ?? [])];
    this.#fingerprints = each(history?.fingerprints);
  }

  /** How far the worlds have come. */
  get position(): WorldPosition {
    return { generation: this.#generation, lived: this.#lessons.length };
  }

  /** The lessons of the worlds' first rollout, once that is there. */
  get firstLessons(): Lessons | undefined {
    return this.#lessons[0];
  }

  /** What was done up to a position of this generation. */
  upTo({ generation, lived }: WorldPosition): PoolHistory {
    return {
      generation,
      actions: this.#actions.map((log) => log.slice(0, lived)),
      lessons: this.#lessons.slice(0, lived),
      fingerprints: this.#fingerprints.map((log) => log.slice(0, lived)),
    };
  }

  /** What one worker did, from its world's start on. */
  ofWorker(i: number): readonly LoggedRollout[] {
    return this.#actions[i].map((actions, rollout) => ({ actions, lessons: this.#lessons[rollout] }));
  }

  /** Adds a rollout of every worker. */
  add(collected: readonly CollectedRollout[], lessons: Lessons): void {
    collected.forEach(({ policies, fingerprint }, i) => {
      this.#actions[i].push(policies.map(({ rollout }) => logActions(rollout)));
      this.#fingerprints[i].push(fingerprint);
    });
    this.#lessons.push(lessons);
  }

  /** The worlds are rebuilt, and begin with an empty history. */
  clear(): void {
    this.#generation++;
    this.#lessons.length = 0;
    for (const log of [...this.#actions, ...this.#fingerprints]) log.length = 0;
  }

  /** Takes in what a worker's rollouts came to when they were lived through again; the first that came out differently, if any did. */
  compare(i: number, fingerprints: readonly number[]): number | undefined {
    const before = this.#fingerprints[i];
    const at = fingerprints.findIndex((value, rollout) => value !== before[rollout]);
    if (at < 0) return undefined;
    this.#fingerprints[i] = [...fingerprints];
    return at;
  }
}

/** Copies the actions out of columns that the next rollout will overwrite. */
function logActions({ continuousAction, discreteAction }: Rollout): ActionLog {
  return { continuousAction: Float32Array.from(continuousAction), discreteAction: Int32Array.from(discreteAction) };
}
