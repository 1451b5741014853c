import type { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import { aboveZero } from '../../core/options.ts';
import type { HavokCalls } from '../havok-calls.ts';
import { requirePartOptions } from '../part-options.ts';
import { type ActuatedAxes, type ActuatorFrame, VECTOR_RULES, VectorActuator } from './vector-actuator.ts';

export interface TorqueActuatorOptions {
  /** N·m around each axis at an action of 1 */
  readonly maxTorque: number;
  readonly name?: string;
  readonly axes?: ActuatedAxes;
  readonly frame?: ActuatorFrame;
}

/** Turns its node's body: one continuous action for each axis. */
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

  protected override push(havok: HavokCalls, body: PhysicsBody, impulse: Vector3): void {
    havok.applyAngularImpulse(body, impulse);
  }
}
