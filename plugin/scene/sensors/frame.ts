import { Quaternion, type Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { currentWorldMatrix, isMirrored } from '../physics.ts';

/**
 * The axes that a sensor expresses vectors and rotations in: a node's, ignoring scaling, or the world's. Under a mirroring
 * parent, such as the root of a glTF file in Babylon, they are still the node's own axes: z is ahead, y is up.
 */
export class Frame {
  readonly #node: TransformNode | undefined;
  readonly #fromWorld = Quaternion.Identity();
  #mirrored = false;

  constructor(axes: TransformNode | 'world') {
    this.#node = axes === 'world' ? undefined : axes;
  }

  /** Reads the current axes; call it before the other two. */
  update(): void {
    if (!this.#node) return;
    currentWorldMatrix(this.#node);
    this.#node.absoluteRotationQuaternion.conjugateToRef(this.#fromWorld);
    this.#mirrored = isMirrored(this.#node);
  }

  /** Converts a world vector into these axes, in place. */
  express(vector: Vector3): void {
    vector.applyRotationQuaternionInPlace(this.#fromWorld);
    if (this.#mirrored) vector.y = -vector.y;
  }

  /** Converts a world rotation into one relative to these axes, in place; the direction of rotation stays that of the world. */
  expressRotation(rotation: Quaternion): void {
    this.#fromWorld.multiplyToRef(rotation, rotation);
    if (this.#mirrored) rotation.y = -rotation.y;
  }
}
