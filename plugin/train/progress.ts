import type { EpisodeSummary } from './worker-protocol.ts';

/** Episodes that the mean return is taken over. */
export const RETURN_WINDOW = 100;

/** The last 100 episodes that a policy drove, oldest first. */
export interface ReturnWindow {
  readonly returns: readonly number[];
  readonly lengths: readonly number[];
}

/** What those episodes came to; null before the first one ended. */
export interface WindowSummary {
  readonly meanReturn: number | null;
  /** standard deviation of the same returns (of all of them, not of a sample: divided by n) */
  readonly returnDeviation: number | null;
  /** decisions */
  readonly episodeLength: number | null;
}

/** The counters of a run: plain data, kept in its checkpoints. */
export interface ProgressState {
  readonly updates: number;
  readonly decisions: number;
  readonly physicsSteps: number;
  readonly episodes: number;
  /** wall-clock seconds of all sessions */
  readonly seconds: number;
  /** of each policy */
  readonly windows: readonly ReturnWindow[];
  readonly solvedAtSeconds: number | null;
  readonly solvedAtDecisions: number | null;
}

/** What one update's rollouts did. */
export interface Done {
  readonly decisions: number;
  readonly physicsSteps: number;
  /** that ended, of each policy */
  readonly episodes: readonly (readonly EpisodeSummary[])[];
}

/** Counts what a run has done, over all its sessions. */
export class Progress {
  #state: ProgressState;

  /** @param policies how many */
  constructor(policies: number, state?: ProgressState) {
    this.#state = state ?? {
      updates: 0,
      decisions: 0,
      physicsSteps: 0,
      episodes: 0,
      seconds: 0,
      windows: Array.from({ length: policies }, () => ({ returns: [], lengths: [] })),
      solvedAtSeconds: null,
      solvedAtDecisions: null,
    };
  }

  get state(): ProgressState {
    return this.#state;
  }

  /** Of the policy that is furthest behind: what a goal is compared with. Null before an episode of each has ended. */
  get meanReturn(): number | null {
    return lowestMeanReturn(this.#state.windows);
  }

  /** What the last episodes of a policy came to. */
  summaryOf(policy: number): WindowSummary {
    const { returns, lengths } = this.#state.windows[policy];
    return { meanReturn: mean(returns), returnDeviation: deviation(returns), episodeLength: mean(lengths) };
  }

  /** Counts one update and its rollouts. */
  add(done: Done, seconds: number): void {
    const { updates, decisions, physicsSteps, episodes, windows } = this.#state;
    this.#state = {
      ...this.#state,
      updates: updates + 1,
      decisions: decisions + done.decisions,
      physicsSteps: physicsSteps + done.physicsSteps,
      episodes: episodes + done.episodes.reduce((sum, { length }) => sum + length, 0),
      seconds,
      windows: windows.map(({ returns, lengths }, policy) => ({
        returns: [...returns, ...done.episodes[policy].map((episode) => episode.return)].slice(-RETURN_WINDOW),
        lengths: [...lengths, ...done.episodes[policy].map((episode) => episode.length)].slice(-RETURN_WINDOW),
      })),
    };
  }

  /** Whether the mean return of a full window of every policy has reached `goal`; the first time is kept. */
  reached(goal: number | undefined): boolean {
    const { windows, seconds, decisions, solvedAtSeconds } = this.#state;
    if (goal === undefined || windows.some(({ returns }) => returns.length < RETURN_WINDOW)) return false;
    if ((this.meanReturn as number) < goal) return false;
    if (solvedAtSeconds === null)
      this.#state = { ...this.#state, solvedAtSeconds: seconds, solvedAtDecisions: decisions };
    return true;
  }
}

/** The mean return of the policy that is furthest behind; null before an episode of each has ended. */
export function lowestMeanReturn(windows: readonly ReturnWindow[]): number | null {
  const means = windows.map(({ returns }) => mean(returns));
  return means.every((value) => value !== null) ? Math.min(...means) : null;
}

function deviation(values: readonly number[]): number | null {
  const middle = mean(values);
  return middle === null ? null : Math.sqrt(mean(values.map((value) => (value - middle) ** 2)) as number);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
