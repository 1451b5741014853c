import type { Agent, Playback } from '../../plugin/index.ts';

/** Episodes that the mean is taken over. */
const WINDOW = 100;

/** The returns of the displayed agents. */
export interface Returns {
  /** of the last 100 displayed episodes that ended; undefined before the first ends */
  readonly mean: number | undefined;
  /** [N] of the running episodes, agent after agent; reused */
  readonly running: Float32Array;
}

/** Follows the returns of a playback's agents, decision by decision. */
export class ReturnsTracker implements Returns {
  /** [N] */
  readonly running: Float32Array;
  /** [N] the return that colors an agent: its last episode's, or the running one's once that is higher */
  readonly standing: Float32Array;
  readonly agents: readonly Agent[];
  /** lowest and highest of #standing so far */
  lowest = Infinity;
  highest = -Infinity;
  /** [N] */
  readonly #last: Float32Array;
  /** [N] 1 if the episode continued after the last decision: an agent whose episode ended waits for its area's other agents */
  readonly #went: Uint8Array;
  readonly #finished: number[] = [];
  readonly #observer: { remove(): void };

  constructor({ clock, onDecisionObservable }: Playback) {
    this.agents = clock.areas.flatMap((area) => area.agents);
    this.running = new Float32Array(this.agents.length);
    this.standing = new Float32Array(this.agents.length);
    this.#went = new Uint8Array(this.agents.length).fill(1);
    this.#last = new Float32Array(this.agents.length).fill(-Infinity);
    this.#observer = onDecisionObservable.add(() => this.#read());
  }

  get mean(): number | undefined {
    if (this.#finished.length === 0) return undefined;
    return this.#finished.reduce((sum, value) => sum + value, 0) / this.#finished.length;
  }

  dispose(): void {
    this.#observer.remove();
  }

  #read(): void {
    for (let n = 0; n < this.agents.length; n++) {
      const { active, episodeReturn } = this.agents[n];
      this.running[n] = episodeReturn;
      if (!active && this.#went[n] === 1) this.#finish(n, episodeReturn);
      this.#went[n] = active ? 1 : 0;
      this.standing[n] = Math.max(this.#last[n], episodeReturn);
      this.lowest = Math.min(this.lowest, this.standing[n]);
      this.highest = Math.max(this.highest, this.standing[n]);
    }
  }

  #finish(n: number, episodeReturn: number): void {
    this.#last[n] = episodeReturn;
    this.#finished.push(episodeReturn);
    if (this.#finished.length > WINDOW) this.#finished.shift();
  }
}
