import type { Behavior } from '@babylonjs/core/Behaviors/behavior.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { NotAPromise } from '../core/synchronous.ts';
import type { Pen } from './pen.ts';

/**
 * Turns a part of the world into `size` floats. Attach it to the agent's node or any node below; `attach(node)` is the
 * place to throw if it cannot observe that node.
 *
 * observe() may be called any number of times: for a decision, for the value of the resulting state, for displays. So a
 * sensor with a memory of earlier decisions, such as StackedSensor, must not count these calls. Use these hooks instead:
 *
 *   forget() · observe() … · decision and physics steps · remember() · observe() … · decision … · remember() · observe() …
 *
 * An episode begins with forget(), and every decision ends with one remember(): in training, evaluation, play() and
 * playPolicy(). The final observation of a truncated episode is taken after its last remember().
 */
export interface Sensor extends Behavior<TransformNode> {
  /** the node it is attached to; Babylon 8's Behavior does not declare it */
  attachedNode: TransformNode | null;
  /** unique within the agent; identifies its floats in layouts, files and errors */
  readonly name: string;
  /** number of floats it writes; must not change after construction */
  readonly size: number;
  /**
   * Writes `out[offset … offset + size)`. It may be called several times per decision, must not allocate and must not
   * change anything. Roughly [−1, 1] is a good range, though the policy normalizes.
   */
  observe(out: Float32Array, offset: number): NotAPromise;
  /**
   * Called when a decision is over; `observation[offset … offset + size)` is what it wrote for that decision. Must not
   * allocate. From here on observe() reads a new state of the world.
   */
  remember?(observation: Float32Array, offset: number): NotAPromise;
  /** Called when an episode begins: clear any memory. The world is not reset yet, so do not read it. */
  forget?(): NotAPromise;
  /** The likely cause if it writes NaN or infinity, shown in the error: `Its body exploded: …` */
  readonly nanRemedy?: string;
  /** Draws what it senses now, while an overlay is on; must not allocate or change anything. */
  draw?(pen: Pen): void;
}

/** Whether something is a sensor. */
export function isSensor(behavior: unknown): behavior is Sensor {
  if (typeof behavior !== 'object' || behavior === null) return false;
  return 'observe' in behavior && typeof behavior.observe === 'function' && 'size' in behavior;
}
