import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateGround } from '@babylonjs/core/Meshes/Builders/groundBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { Agent, type AreaContext, BodySensor, ForceActuator, RelativePositionSensor } from 'babylon-agents';

/** A square floor without walls, a ball that is the agent, and a goal. */
export function createField({ root, scene }: AreaContext, size: number) {
  const ground = CreateGround('ground', { width: size, height: size }, scene);
  const ball = CreateSphere('ball', { diameter: 1 }, scene);
  const goal = new TransformNode('goal', scene);
  for (const node of [ground, ball, goal]) node.parent = root;
  new PhysicsAggregate(ground, PhysicsShapeType.BOX, { mass: 0 }, scene);
  new PhysicsAggregate(ball, PhysicsShapeType.SPHERE, { mass: 1 }, scene);
  const agent = new Agent({
    sensors: [
      new RelativePositionSensor({ target: goal, frame: 'world' }),
      new BodySensor({ position: root, linearVelocity: true }), // where the ball is on the floor, and how fast
    ],
    actuators: [new ForceActuator({ maxForce: 6, axes: 'xz' })],
  });
  ball.addBehavior(agent, true);
  const distance = () => Vector3.Distance(ball.position, goal.position);
  return { ball, goal, agent, distance };
}
