import type { Behavior } from '@babylonjs/core/Behaviors/behavior.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { NotAPromise } from '../core/synchronous.ts';
import type { Pen } from './pen.ts';

/** Turns numbers into motion. Attach it to the agent's node or any node below. */
export interface Actuator extends Behavior<TransformNode> {
  /** the node it is attached to; Babylon 8's Behavior does not declare it */
  attachedNode: TransformNode | null;
  /** unique within the agent; identifies its actions in layouts, files and errors */
  readonly name: string;
  /** number of floats in [−1, 1] that it takes */
  readonly continuous: number;
  /** number of choices for each integer that it takes, after the floats */
  readonly branches: readonly number[];
  /**
   * Acts on `action[offset …]`: first its floats, then one integer for each branch. Called before every physics step
   * with the action of the last decision; must not allocate.
   */
  apply(action: Float32Array, offset: number): NotAPromise;
  /** Called when an episode begins, before the area is reset: what it set in the world before may no longer hold. */
  forget?(): NotAPromise;
  /** Called when its agent stops acting, because its episode is over or nothing drives it anymore. Release what it holds, such as keys. */
  release?(): NotAPromise;
  /**
   * Called before a decision to forbid choices: overwrite 1s in `out[offset …]` with 0, one entry per choice per branch.
   * Leave at least one choice of each branch allowed.
   */
  mask?(out: Uint8Array, offset: number): NotAPromise;
  /**
   * Draws what it does with `action[offset …]`, while an overlay is on; must not allocate or change anything. If it has no
   * draw(), the overlay shows its actions as bars above the agent.
   */
  draw?(pen: Pen, action: Float32Array, offset: number): void;
}

/** Whether something is an actuator. */
export function isActuator(behavior: unknown): behavior is Actuator {
  if (typeof behavior !== 'object' || behavior === null) return false;
  return 'apply' in behavior && typeof behavior.apply === 'function' && 'branches' in behavior;
}
