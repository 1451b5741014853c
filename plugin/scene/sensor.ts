import type { Behavior } from '@babylonjs/core/Behaviors/behavior.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { NotAPromise } from '../core/synchronous.ts';
import type { Pen } from './pen.ts';

/**
 * Turns a part of the world into `size` floats. Hang it on the agent's node or on any node below; `attach(node)` is the
 * place to complain about a node that it cannot observe.
 *
 * One with a memory of earlier decisions, such as StackedSensor, does not count how often it is observed, which is any
 * number of times: for the decision, for the value of what a decision led to, for displays. It is told when to move on:
 *
 *   forget() · observe() … · decision and physics steps · remember() · observe() … · decision … · remember() · observe() …
 *
 * An episode begins with forget(), and every decision ends with one remember(): in training and evaluation, in play() and
 * in playPolicy(). What is observed after the last remember() of a truncated episode is its final observation.
 */
export interface Sensor extends Behavior<TransformNode> {
  /** the node it is attached to; Babylon 8's Behavior does not declare it */
  attachedNode: TransformNode | null;
  /** unique within the agent: names its floats in layouts, files and errors */
  readonly name: string;
  /** floats it writes, fixed from construction on */
  readonly size: number;
  /**
   * Writes `out[offset … offset + size)`. It may be called several times per decision, allocates nothing and changes
   * nothing. About [−1, 1] is a good range, though the policy normalizes.
   */
  observe(out: Float32Array, offset: number): NotAPromise;
  /**
   * A decision is over that was taken from what it wrote to `observation[offset … offset + size)`; allocates nothing. From
   * here on that is the past, and what observe() reads of the world is new.
   */
  remember?(observation: Float32Array, offset: number): NotAPromise;
  /** An episode begins, without a past. The world is not reset yet: read nothing of it. */
  forget?(): NotAPromise;
  /** What to look at when it wrote NaN or infinity, for the error that says so: `Its body exploded: …` */
  readonly nanRemedy?: string;
  /** Shows people what it senses now, while an overlay is on; allocates nothing and changes nothing. */
  draw?(pen: Pen): void;
}

/** Whether something is a sensor. */
export function isSensor(behavior: unknown): behavior is Sensor {
  if (typeof behavior !== 'object' || behavior === null) return false;
  return 'observe' in behavior && typeof behavior.observe === 'function' && 'size' in behavior;
}
