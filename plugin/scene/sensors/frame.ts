import { Quaternion, type Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { currentWorldMatrix, isMirrored } from '../physics.ts';

/**
 * The axes that a sensor expresses vectors and rotations in: a node's, without its scaling, or the world's. Below a mirror,
 * as glTF files are in Babylon, they are the node's own all the same: z is where its nose is, y is its roof.
 */
export class Frame {
  readonly #node: TransformNode | undefined;
  readonly #fromWorld = Quaternion.Identity();
  #mirrored = false;

  constructor(axes: TransformNode | 'world') {
    this.#node = axes === 'world' ? undefined : axes;
  }

  /** Reads how the axes point now; call it before the other two. */
  update(): void {
    if (!this.#node) return;
    currentWorldMatrix(this.#node);
    this.#node.absoluteRotationQuaternion.conjugateToRef(this.#fromWorld);
    this.#mirrored = isMirrored(this.#node);
  }

  /** Turns a world vector, in place, into these axes. */
  express(vector: Vector3): void {
    vector.applyRotationQuaternionInPlace(this.#fromWorld);
    if (this.#mirrored) vector.y = -vector.y;
  }

  /** Turns a world rotation, in place, into one relative to these axes; its own axis has the sense that it has in the world. */
  expressRotation(rotation: Quaternion): void {
    this.#fromWorld.multiplyToRef(rotation, rotation);
    if (this.#mirrored) rotation.y = -rotation.y;
  }
}
