import type { EpisodeSummary } from './worker-protocol.ts';

/** Episodes that the mean return is taken over. */
export const RETURN_WINDOW = 100;

/** The counters of a run: plain data, kept in its checkpoints. */
export interface ProgressState {
  readonly updates: number;
  readonly decisions: number;
  readonly physicsSteps: number;
  readonly episodes: number;
  /** wall-clock seconds of all sessions */
  readonly seconds: number;
  /** returns and lengths of the last 100 episodes, oldest first */
  readonly returns: readonly number[];
  readonly lengths: readonly number[];
  readonly solvedAtSeconds: number | null;
  readonly solvedAtDecisions: number | null;
}

const NOTHING_YET: ProgressState = {
  updates: 0,
  decisions: 0,
  physicsSteps: 0,
  episodes: 0,
  seconds: 0,
  returns: [],
  lengths: [],
  solvedAtSeconds: null,
  solvedAtDecisions: null,
};

/** Counts what a run has done, over all its sessions. */
export class Progress {
  #state: ProgressState;

  constructor(state: ProgressState = NOTHING_YET) {
    this.#state = state;
  }

  get state(): ProgressState {
    return this.#state;
  }

  get meanReturn(): number | null {
    return mean(this.#state.returns);
  }

  /** Standard deviation of the same returns (of all of them, not of a sample: divided by n). */
  get returnDeviation(): number | null {
    return deviation(this.#state.returns);
  }

  get meanLength(): number | null {
    return mean(this.#state.lengths);
  }

  /** Counts one update and its rollouts. */
  add(
    done: { readonly decisions: number; readonly physicsSteps: number; readonly episodes: readonly EpisodeSummary[] },
    seconds: number,
  ): void {
    const { updates, decisions, physicsSteps, episodes, returns, lengths } = this.#state;
    this.#state = {
      ...this.#state,
      updates: updates + 1,
      decisions: decisions + done.decisions,
      physicsSteps: physicsSteps + done.physicsSteps,
      episodes: episodes + done.episodes.length,
      seconds,
      returns: [...returns, ...done.episodes.map((episode) => episode.return)].slice(-RETURN_WINDOW),
      lengths: [...lengths, ...done.episodes.map((episode) => episode.length)].slice(-RETURN_WINDOW),
    };
  }

  /** Whether the mean return of a full window has reached `goal`; the first time is kept. */
  reached(goal: number | undefined): boolean {
    const { returns, seconds, decisions, solvedAtSeconds } = this.#state;
    if (goal === undefined || returns.length < RETURN_WINDOW || (this.meanReturn as number) < goal) return false;
    if (solvedAtSeconds === null)
      this.#state = { ...this.#state, solvedAtSeconds: seconds, solvedAtDecisions: decisions };
    return true;
  }
}

function deviation(values: readonly number[]): number | null {
  const middle = mean(values);
  return middle === null ? null : Math.sqrt(mean(values.map((value) => (value - middle) ** 2)) as number);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
