import type { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import { aboveZero } from '../../core/options.ts';
import type { HavokCalls } from '../havok-calls.ts';
import { requirePartOptions } from '../part-options.ts';
import { CenterOfMass } from './center-of-mass.ts';
import { type ActuatedAxes, type ActuatorFrame, VECTOR_RULES, VectorActuator } from './vector-actuator.ts';

/** Options of a {@link ForceActuator}. */
export interface ForceActuatorOptions {
  /** N along each axis at an action of 1 */
  readonly maxForce: number;
  /** `force` by default */
  readonly name?: string;
  /** one continuous action per letter; `xyz` by default */
  readonly axes?: ActuatedAxes;
  /** whose axes; `world` by default */
  readonly frame?: ActuatorFrame;
}

/**
 * Pushes its node's body at the center of mass, so that it does not turn: one continuous action per axis, the force along it
 * as a fraction of `maxForce`. The center of mass is read again only when the body or its shape is replaced.
 */
export class ForceActuator extends VectorActuator {
  readonly #center = new CenterOfMass();

  constructor(options: ForceActuatorOptions) {
    const {
      maxForce,
      name = 'force',
      axes = 'xyz',
      frame = 'world',
    } = requirePartOptions('Actuator', 'force', options, { maxForce: aboveZero, ...VECTOR_RULES });
    super(name, maxForce, axes, frame, 'forces');
  }

  /** @internal */
  protected override push(havok: HavokCalls, body: PhysicsBody, impulse: Vector3): void {
    havok.applyImpulse(body, impulse, this.#center.locate(this.node, body));
  }
}
