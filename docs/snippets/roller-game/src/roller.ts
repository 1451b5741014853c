// snippet: environment
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

export const roller = defineEnvironment({
  name: 'roller',
  maxDecisions: 200, // the length limit of an episode
  build(area) {
    const { ball, goal } = createArena(area); // your nodes, under area.root
    const agent = new Agent({
      sensors: [new RelativePositionSensor({ target: goal, frame: 'world' }), new BodySensor({ linearVelocity: true })],
      actuators: [new ForceActuator({ maxForce: 6, axes: 'xz' })],
    });
    ball.addBehavior(agent, true);
    return {
      reset(random) {
        respawn(ball, { position: new Vector3(random.between(-4, 4), 0.5, random.between(-4, 4)) });
        goal.position.set(random.between(-4, 4), 0.5, random.between(-4, 4));
      },
      afterStep() {
        agent.addReward(-0.001); // hurry
        if (ball.position.y < 0) {
          agent.addReward(-1);
          agent.terminate();
        } else if (Vector3.Distance(ball.position, goal.position) < 0.5) {
          agent.addReward(1);
          agent.terminate();
        }
      },
    };
  },
});
// snippet end
