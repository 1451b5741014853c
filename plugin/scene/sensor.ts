import type { Behavior } from '@babylonjs/core/Behaviors/behavior.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Pen } from './pen.ts';

/**
 * Turns a part of the world into `size` floats. Hang it on the agent's node or on any node below; `attach(node)` is the
 * place to complain about a node that it cannot observe.
 */
export interface Sensor extends Behavior<TransformNode> {
  /** unique within the agent: names its floats in layouts, files and errors */
  readonly name: string;
  /** floats it writes, fixed from construction on */
  readonly size: number;
  /**
   * Writes `out[offset … offset + size)`. It may be called several times per decision, allocates nothing and changes
   * nothing. About [−1, 1] is a good range, though the policy normalises.
   */
  observe(out: Float32Array, offset: number): void;
  /** Shows people what it senses now, while an overlay is on; allocates nothing and changes nothing. */
  draw?(pen: Pen): void;
}

/** Whether a behavior is a sensor. */
export function isSensor(behavior: Behavior<TransformNode>): behavior is Sensor {
  return 'observe' in behavior && typeof behavior.observe === 'function' && 'size' in behavior;
}
