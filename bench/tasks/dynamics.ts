import type { Random } from '../../plugin/core/random.ts';

/**
 * A task as arithmetic over its state [S], in double precision: no scene, no engine. Nothing is allocated per step, and
 * all chance is in reset().
 */
export interface Dynamics {
  readonly name: string;
  /** s of one step */
  readonly timeStep: number;
  /** steps after which an episode is truncated */
  readonly maxDecisions: number;
  /** S, floats of the state */
  readonly stateSize: number;
  /** O, floats of the observation */
  readonly observationSize: number;
  /** the choices of an action, or 0 where it is a float in [−1, 1] */
  readonly choices: number;
  /** Puts the state at the start of an episode. */
  reset(state: Float64Array, random: Random): void;
  /** Takes one step with an action, a choice or a float, and returns its reward. */
  step(state: Float64Array, action: number): number;
  /** Whether the state that a step led to ends the episode. */
  terminated(state: Float64Array): boolean;
  /** Writes what an agent sees to `out[offset … offset + O)`. */
  observe(state: Float64Array, out: Float32Array, offset: number): void;
}

/** The nearest number of [low, high]. */
export function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
