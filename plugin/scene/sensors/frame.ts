import { Quaternion, type Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { currentWorldMatrix } from '../physics.ts';

/** The axes that a sensor expresses vectors and rotations in: a node's, without its scaling, or the world's. */
export class Frame {
  readonly #node: TransformNode | undefined;
  readonly #fromWorld = Quaternion.Identity();

  constructor(axes: TransformNode | 'world') {
    this.#node = axes === 'world' ? undefined : axes;
  }

  /** Reads how the axes point now; call it before the other two. */
  update(): void {
    if (!this.#node) return;
    currentWorldMatrix(this.#node);
    this.#node.absoluteRotationQuaternion.conjugateToRef(this.#fromWorld);
  }

  /** Turns a world vector, in place, into these axes. */
  express(vector: Vector3): void {
    vector.applyRotationQuaternionInPlace(this.#fromWorld);
  }

  /** Turns a world rotation, in place, into one relative to these axes. */
  expressRotation(rotation: Quaternion): void {
    this.#fromWorld.multiplyToRef(rotation, rotation);
  }
}
