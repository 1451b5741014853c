import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { currentWorldMatrix } from '../plugin/scene/physics.ts';

/** Where a node or a body was at some moment, to be compared with another. */
export class WatchedPose {
  readonly #position = new Vector3();
  readonly #rotation = new Quaternion();

  read(node: TransformNode): this {
    this.#position.copyFrom(node.position);
    if (node.rotationQuaternion) this.#rotation.copyFrom(node.rotationQuaternion);
    else Quaternion.FromEulerVectorToRef(node.rotation, this.#rotation);
    return this;
  }

  /** Of a node in the world, as Babylon gives it to a body. */
  readAbsolute(node: TransformNode): this {
    currentWorldMatrix(node);
    this.#position.copyFrom(node.absolutePosition);
    this.#rotation.copyFrom(node.absoluteRotationQuaternion);
    return this;
  }

  set([x, y, z]: readonly number[], [qx, qy, qz, qw]: readonly number[]): this {
    this.#position.copyFromFloats(x, y, z);
    this.#rotation.copyFromFloats(qx, qy, qz, qw);
    return this;
  }

  /** m */
  distance(other: WatchedPose): number {
    return Vector3.Distance(this.#position, other.#position);
  }

  /** about rad, for small angles: twice the chord between the quaternions, of which −q is the same rotation as q */
  angle(other: WatchedPose): number {
    const a = this.#rotation;
    const b = other.#rotation;
    const sign = Quaternion.Dot(a, b) < 0 ? -1 : 1;
    return 2 * Math.hypot(a.x - sign * b.x, a.y - sign * b.y, a.z - sign * b.z, a.w - sign * b.w);
  }

  /** `(1.2, 0.5, −3)` */
  get text(): string {
    const { x, y, z } = this.#position;
    return `(${[x, y, z].map((value) => Number(value.toFixed(2))).join(', ')})`;
  }
}
