import type { Verdict } from '../round.ts';

/** rounds that win a match */
export const GOAL = 5;

/** Where a match stands: before the first, counting down to a round, in it, just after it, or decided. */
export type Phase = 'menu' | 'countdown' | 'fight' | 'aftermath' | 'over';

/** s that the phases last which end by themselves */
const LASTING: Readonly<Partial<Record<Phase, number>>> = { countdown: 1.8, aftermath: 1.9 };

/** Rounds, their score and the pauses between them: the rules of a match, without a scene, a clock or a page. */
export class Match {
  readonly #onPhase: (phase: Phase) => void;
  #phase: Phase = 'menu';
  #left = 0;
  #score: [person: number, opponent: number] = [0, 0];
  #verdict: Verdict | undefined;

  /** @param onPhase called whenever another phase has begun */
  constructor(onPhase: (phase: Phase) => void) {
    this.#onPhase = onPhase;
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Rounds that each has won. */
  get score(): readonly [person: number, opponent: number] {
    return this.#score;
  }

  /** How the last round went for the person. */
  get verdict(): Verdict | undefined {
    return this.#verdict;
  }

  /** Whether the person has won the match, or is ahead. */
  get leads(): boolean {
    return this.#score[0] > this.#score[1];
  }

  /** What a countdown shows: 3, 2, 1. */
  get count(): number {
    return Math.ceil((3 * this.#left) / LASTING.countdown!);
  }

  /** Begins a match, from wherever it stands. */
  start(): void {
    this.#score = [0, 0];
    this.#verdict = undefined;
    this.#enter('countdown');
  }

  /** Goes back to before the first round. */
  leave(): void {
    this.#enter('menu');
  }

  /** Counts a round that has just ended. */
  endRound(verdict: Verdict): void {
    if (this.#phase !== 'fight') return;
    this.#verdict = verdict;
    if (verdict === 'won') this.#score[0]++;
    if (verdict === 'lost') this.#score[1]++;
    this.#enter('aftermath');
  }

  /** Lets so many seconds of the wall clock pass. */
  advance(seconds: number): void {
    if (LASTING[this.#phase] === undefined) return;
    this.#left -= seconds;
    if (this.#left > 0) return;
    if (this.#phase === 'countdown') this.#enter('fight');
    else this.#enter(Math.max(...this.#score) >= GOAL ? 'over' : 'countdown');
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.#left = LASTING[phase] ?? 0;
    this.#onPhase(phase);
  }
}
