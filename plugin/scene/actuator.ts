import type { Behavior } from '@babylonjs/core/Behaviors/behavior.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { NotAPromise } from '../core/synchronous.ts';
import type { Pen } from './pen.ts';

/** Turns numbers into motion. Hang it on the agent's node or on any node below. */
export interface Actuator extends Behavior<TransformNode> {
  /** the node it is attached to; Babylon 8's Behavior does not declare it */
  attachedNode: TransformNode | null;
  /** unique within the agent: names its actions in layouts, files and errors */
  readonly name: string;
  /** floats in [−1, 1] that it takes */
  readonly continuous: number;
  /** choices of each integer that it takes, after the floats */
  readonly branches: readonly number[];
  /**
   * Acts on `action[offset …]`: first its floats, then one integer for each branch. Called before every physics step
   * with the action that the last decision chose; allocates nothing.
   */
  apply(action: Float32Array, offset: number): NotAPromise;
  /** An episode begins, and the area is about to be reset: what it told the world before may no longer hold. */
  forget?(): NotAPromise;
  /** Its agent acts no more: its episode is over, or nothing drives it any longer. What it holds, such as keys, it lets go of. */
  release?(): NotAPromise;
  /**
   * Forbids choices before a decision: writes 0 over the 1s of `out[offset …]`, one entry for each choice of each
   * branch. At least one choice of a branch must stay allowed.
   */
  mask?(out: Uint8Array, offset: number): NotAPromise;
  /**
   * Shows people what it does with `action[offset …]`, while an overlay is on; allocates nothing and changes nothing. The
   * actions of an actuator that does not draw are shown as bars above the agent.
   */
  draw?(pen: Pen, action: Float32Array, offset: number): void;
}

/** Whether something is an actuator. */
export function isActuator(behavior: unknown): behavior is Actuator {
  if (typeof behavior !== 'object' || behavior === null) return false;
  return 'apply' in behavior && typeof behavior.apply === 'function' && 'branches' in behavior;
}
