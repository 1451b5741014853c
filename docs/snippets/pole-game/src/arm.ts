import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsConstraintAxis } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { Physics6DoFConstraint } from '@babylonjs/core/Physics/v2/physicsConstraint.js';
import { Agent, JointMotorActuator, JointSensor } from 'babylon-agents';

/** An agent that bends the elbow of an arm by a motor, between 0 and 150°. */
export function createArm(upper: TransformNode, lower: TransformNode): Agent {
  // snippet: motor
  const { LINEAR_X, LINEAR_Y, LINEAR_Z, ANGULAR_X, ANGULAR_Y, ANGULAR_Z } = PhysicsConstraintAxis;
  const locked = [LINEAR_X, LINEAR_Y, LINEAR_Z, ANGULAR_Y, ANGULAR_Z].map((axis) => ({
    axis,
    minLimit: 0,
    maxLimit: 0,
  }));
  const elbow = new Physics6DoFConstraint(
    { pivotA: new Vector3(0, -0.5, 0), pivotB: new Vector3(0, 0.5, 0), collision: false },
    [{ axis: ANGULAR_X, minLimit: 0, maxLimit: 2.6 }, ...locked],
    upper.getScene(),
  );
  upper.physicsBody!.addConstraint(lower.physicsBody!, elbow);
  const agent = new Agent({
    sensors: [new JointSensor({ joints: [elbow], speeds: true })],
    actuators: [new JointMotorActuator({ joints: [elbow], maxTorque: 20 })],
  });
  // snippet end
  return agent;
}
