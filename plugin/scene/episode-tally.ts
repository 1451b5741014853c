import { placeOf } from '../core/source-place.ts';

/** `running`, or how its episode ended: `terminated` has no future value, `truncated` was stopped by the clock. */
export type Outcome = 'running' | 'terminated' | 'truncated';

/** An episode of one agent that is over. */
export interface PastEpisode {
  /** how it ended */
  readonly outcome: Outcome;
  /** undiscounted sum of its rewards */
  readonly return: number;
  /** number of decisions */
  readonly decisions: number;
}

/** Counts an agent's episodes, their decisions and rewards. */
export class EpisodeTally {
  /** whether the episode is running, or how it ended */
  outcome: Outcome = 'running';
  /** what the current decision has earned so far */
  reward = 0;
  /** what the previous decision earned; 0 before the first of an episode */
  lastReward = 0;
  /** finished decisions of this episode, including the one that ended it */
  decisions = 0;
  /** the number of the episode, from 1; 0 before the first */
  episode = 0;
  /** the previous episode */
  lastEpisode: PastEpisode | undefined;
  /** rewards of the finished decisions of this episode */
  #earned = 0;
  /** whether the decision that ended the episode is counted */
  #counted = false;
  /** made when the first non-finite reward was given */
  #badReward: Error | undefined;

  /** Undiscounted rewards of this episode so far, including the current decision's. */
  get episodeReturn(): number {
    return this.#earned + this.reward;
  }

  /** Where in the user's source the first non-finite reward was given, for the error that reports it. */
  get badRewardPlace(): string | undefined {
    return placeOf(this.#badReward);
  }

  /** Remembers where a non-finite reward was given: the check of the rollout finds it much later. */
  noteBadReward(): void {
    this.#badReward ??= new Error();
  }

  /** The clock or the area ends the episode if it is still running. */
  truncate(): void {
    if (this.outcome === 'running') this.outcome = 'truncated';
  }

  /** Ends the current decision and returns its reward. */
  takeReward(): number {
    const { reward } = this;
    this.#earned += reward;
    this.reward = 0;
    if (!this.#counted) {
      this.decisions++;
      this.lastReward = reward;
      this.#counted = this.outcome !== 'running';
    }
    return reward;
  }

  /** Starts counting a new episode. */
  protected startEpisode(): void {
    const { outcome, episodeReturn, decisions } = this;
    if (decisions > 0) this.lastEpisode = { outcome, return: episodeReturn, decisions };
    this.outcome = 'running';
    this.reward = 0;
    this.#earned = 0;
    this.lastReward = 0;
    this.decisions = 0;
    this.#counted = false;
    this.episode++;
  }
}
