import { type Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { PhysicsShape } from '@babylonjs/core/Physics/v2/physicsShape.js';
import type { HavokCalls } from '../havok-calls.ts';
import { type ActuatedAxes, type ActuatorFrame, VectorActuator } from './vector-actuator.ts';

export interface ForceActuatorOptions {
  /** N along each axis at an action of 1 */
  readonly maxForce: number;
  readonly name?: string;
  readonly axes?: ActuatedAxes;
  readonly frame?: ActuatorFrame;
}

/**
 * Pushes its node's body at the centre of mass, so that it does not turn: one continuous action for each axis. Where
 * that centre lies in the body is read when the body or its shape is a new one.
 */
export class ForceActuator extends VectorActuator {
  #body: PhysicsBody | undefined;
  #shape: PhysicsShape | null = null;
  readonly #center = new Vector3();
  readonly #point = new Vector3();
  readonly #origin = new Vector3();

  constructor({ maxForce, name = 'force', axes = 'xyz', frame = 'world' }: ForceActuatorOptions) {
    super(name, maxForce, axes, frame);
  }

  protected override push(havok: HavokCalls, body: PhysicsBody, impulse: Vector3, world: Matrix): void {
    if (body !== this.#body || body.shape !== this.#shape) this.#locateCenter(body);
    this.#center.applyRotationQuaternionToRef(this.node.absoluteRotationQuaternion, this.#point);
    this.#point.addInPlace(world.getTranslationToRef(this.#origin));
    havok.applyImpulse(body, impulse, this.#point);
  }

  #locateCenter(body: PhysicsBody): void {
    this.#center.copyFrom(body.getMassProperties().centerOfMass ?? Vector3.ZeroReadOnly);
    this.#body = body;
    this.#shape = body.shape ?? null;
  }
}
