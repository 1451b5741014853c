// snippet: task
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateGround } from '@babylonjs/core/Meshes/Builders/groundBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { Agent, BodySensor, defineEnvironment, ForceActuator, RelativePositionSensor, respawn } from 'babylon-agents';

export const roller = defineEnvironment({
  name: 'roller',
  maxDecisions: 200,
  build({ root, scene }) {
    const ground = CreateGround('ground', { width: 12, height: 12 }, scene);
    const ball = CreateSphere('ball', { diameter: 1 }, scene);
    const goal = CreateSphere('goal', { diameter: 0.4 }, scene);
    for (const node of [ground, ball, goal]) node.parent = root;
    new PhysicsAggregate(ground, PhysicsShapeType.BOX, { mass: 0 }, scene);
    new PhysicsAggregate(ball, PhysicsShapeType.SPHERE, { mass: 1 }, scene);
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
        const reached = Vector3.Distance(ball.position, goal.position) < 0.5;
        const fell = ball.position.y < 0;
        agent.addReward(-0.001 + (reached ? 1 : 0) - (fell ? 1 : 0));
        if (reached || fell) agent.terminate();
      },
    };
  },
});
// snippet end
