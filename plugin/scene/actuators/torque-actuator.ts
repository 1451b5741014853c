import type { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { HavokCalls } from '../havok-calls.ts';
import { type ActuatedAxes, type ActuatorFrame, VectorActuator } from './vector-actuator.ts';

export interface TorqueActuatorOptions {
  /** N·m around each axis at an action of 1 */
  readonly maxTorque: number;
  readonly name?: string;
  readonly axes?: ActuatedAxes;
  readonly frame?: ActuatorFrame;
}

/** Turns its node's body: one continuous action for each axis. */
export class TorqueActuator extends VectorActuator {
  constructor({ maxTorque, name = 'torque', axes = 'xyz', frame = 'world' }: TorqueActuatorOptions) {
    super(name, maxTorque, axes, frame);
  }

  protected override push(havok: HavokCalls, body: PhysicsBody, impulse: Vector3): void {
    havok.applyAngularImpulse(body, impulse);
  }
}
