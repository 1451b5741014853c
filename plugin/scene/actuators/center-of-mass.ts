import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { PhysicsShape } from '@babylonjs/core/Physics/v2/physicsShape.js';

/** The center of mass of a node's body. Its position in the body is read again only when the body or its shape is replaced. */
export class CenterOfMass {
  #body: PhysicsBody | undefined;
  #shape: PhysicsShape | null = null;
  readonly #center = new Vector3();
  readonly #place = new Vector3();
  readonly #origin = new Vector3();

  /** Its world position [m], in a reused vector; the node's world matrix must be current. */
  locate(node: TransformNode, body: PhysicsBody): Vector3 {
    if (body !== this.#body || body.shape !== this.#shape) this.#read(body);
    node.getWorldMatrix().getTranslationToRef(this.#origin);
    this.#center.applyRotationQuaternionToRef(node.absoluteRotationQuaternion, this.#place);
    return this.#place.addInPlace(this.#origin);
  }

  #read(body: PhysicsBody): void {
    this.#center.copyFrom(body.getMassProperties().centerOfMass ?? Vector3.ZeroReadOnly);
    this.#body = body;
    this.#shape = body.shape ?? null;
  }
}
