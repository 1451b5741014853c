import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateCylinder } from '@babylonjs/core/Meshes/Builders/cylinderBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import { CreateTorus } from '@babylonjs/core/Meshes/Builders/torusBuilder.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { Agent, BodySensor, defineEnvironment, ForceActuator, RelativePositionSensor, respawn } from 'babylon-agents';

/** The task: a ball rolls into a ring and stays on its plate. */
export const roller = defineEnvironment({
  name: 'roller',
  maxDecisions: 100, // one decision is 5 physics steps, 1/12 s
  spacing: 12, // m between the centers of two copies

  /** Makes one copy: training has 64 of them, the page 9. Every node is a child of `root`. */
  build({ root, scene }) {
    const plate = CreateCylinder('plate', { diameter: 10, height: 0.5, tessellation: 48 }, scene);
    const ball = CreateSphere('ball', { diameter: 1 }, scene);
    const ring = CreateTorus('ring', { diameter: 1.4, thickness: 0.15 }, scene);
    for (const node of [plate, ball, ring]) node.parent = root;
    plate.position.y = -0.25;
    new PhysicsAggregate(plate, PhysicsShapeType.CYLINDER, { mass: 0 }, scene);
    new PhysicsAggregate(ball, PhysicsShapeType.SPHERE, { mass: 1 }, scene);

    const agent = new Agent({
      sensors: [new RelativePositionSensor({ target: ring, frame: 'world' }), new BodySensor({ linearVelocity: true })],
      actuators: [new ForceActuator({ maxForce: 8, axes: 'xz' })],
    });
    ball.addBehavior(agent, true);

    const distance = () => Math.hypot(ball.position.x - ring.position.x, ball.position.z - ring.position.z);
    let before = 0;
    return {
      /** Begins an episode. All chance comes from `random`, so that a run repeats from its seed. */
      reset(random) {
        respawn(ball, { position: new Vector3(random.between(-2.5, 2.5), 0.5, random.between(-2.5, 2.5)) });
        ring.position.set(random.between(-2.5, 2.5), 0.1, random.between(-2.5, 2.5));
        before = distance();
      },

      /** Runs after every physics step: rewards the agent and ends its episode. */
      afterStep() {
        const now = distance();
        agent.addReward(0.1 * (before - now)); // for every meter closer
        before = now;
        if (now < 0.4) {
          agent.addReward(1);
          agent.terminate();
        } else if (ball.position.y < 0) {
          agent.addReward(-1);
          agent.terminate();
        }
      },
    };
  },
});
