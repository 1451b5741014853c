import type { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import { aboveZero } from '../../core/options.ts';
import type { HavokCalls } from '../havok-calls.ts';
import { requirePartOptions } from '../part-options.ts';
import { type ActuatedAxes, type ActuatorFrame, VECTOR_RULES, VectorActuator } from './vector-actuator.ts';

/** Options of a {@link TorqueActuator}. */
export interface TorqueActuatorOptions {
  /** N·m around each axis at an action of 1 */
  readonly maxTorque: number;
  /** `torque` by default */
  readonly name?: string;
  /** one continuous action per letter; `xyz` by default */
  readonly axes?: ActuatedAxes;
  /** whose axes; `world` by default */
  readonly frame?: ActuatorFrame;
}

/** Applies torque to its node's body: one continuous action per axis, the torque around it as a fraction of `maxTorque`. */
export class TorqueActuator extends VectorActuator {
  constructor(options: TorqueActuatorOptions) {
    const {
      maxTorque,
      name = 'torque',
      axes = 'xyz',
      frame = 'world',
    } = requirePartOptions('Actuator', 'torque', options, { maxTorque: aboveZero, ...VECTOR_RULES });
    super(name, maxTorque, axes, frame, 'torques');
  }

  /** @internal */
  protected override push(havok: HavokCalls, body: PhysicsBody, impulse: Vector3): void {
    havok.applyAngularImpulse(body, impulse);
  }
}
