import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateGround } from '@babylonjs/core/Meshes/Builders/groundBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import {
  Agent,
  type AreaContext,
  BodySensor,
  defineEnvironment,
  ForceActuator,
  RelativePositionSensor,
  respawn,
} from 'babylon-agents';

function createArena({ root, scene }: AreaContext) {
  const ground = CreateGround('ground', { width: 12, height: 12 }, scene);
  const ball = CreateSphere('ball', { diameter: 1 }, scene);
  const goal = new TransformNode('goal', scene);
  for (const node of [ground, ball, goal]) node.parent = root;
  new PhysicsAggregate(ground, PhysicsShapeType.BOX, { mass: 0 }, scene);
  new PhysicsAggregate(ball, PhysicsShapeType.SPHERE, { mass: 1 }, scene);
  return { ball, goal };
}

// snippet: define
export const roller = defineEnvironment({
  name: 'roller',
  build(area) {
    const { ball, goal: target } = createArena(area); // your nodes, under area.root
    const sensors = [new RelativePositionSensor({ target, frame: 'world' }), new BodySensor({ linearVelocity: true })];
    const agent = new Agent({ sensors, actuators: [new ForceActuator({ maxForce: 6, axes: 'xz' })] });
    ball.addBehavior(agent, true);
    const distance = () => Vector3.Distance(ball.position, target.position);
    return {
      reset: (random) => respawn(ball, { position: new Vector3(random.between(-4, 4), 0.5, random.between(-4, 4)) }),
      afterStep: () => (ball.position.y < 0 ? agent.terminate() : agent.addReward(0.01 / (1 + distance()))),
    };
  },
});
// snippet end
