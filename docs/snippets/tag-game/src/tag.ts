import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { CreateGround } from '@babylonjs/core/Meshes/Builders/groundBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
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

const SIZE = 10; // m

function createYard({ root, scene }: AreaContext) {
  const ground = CreateGround('ground', { width: SIZE, height: SIZE }, scene);
  ground.parent = root;
  new PhysicsAggregate(ground, PhysicsShapeType.BOX, { mass: 0 }, scene);
  for (const [x, z] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ]) {
    const wall = CreateBox('wall', { width: z ? SIZE : 0.2, height: 2, depth: x ? SIZE : 0.2 }, scene);
    wall.parent = root;
    wall.position.set((x * SIZE) / 2, 1, (z * SIZE) / 2);
    new PhysicsAggregate(wall, PhysicsShapeType.BOX, { mass: 0 }, scene);
  }
  const balls = ['chaser', 'runner'].map((name) => {
    const ball = CreateSphere(name, { diameter: 1 }, scene);
    ball.parent = root;
    new PhysicsAggregate(ball, PhysicsShapeType.SPHERE, { mass: 1 }, scene);
    return ball;
  });
  return { chaserBall: balls[0], runnerBall: balls[1] };
}

// snippet: agents
/** An agent that sees itself, the other one, and how both move. */
function createPlayer(policy: string, self: Mesh, other: Mesh, { root }: AreaContext, maxForce: number): Agent {
  const agent = new Agent({
    policy,
    sensors: [
      new BodySensor({ position: root, linearVelocity: true }),
      new RelativePositionSensor({ target: other, frame: 'world' }),
      new BodySensor({ name: 'other', of: other, linearVelocity: true }),
    ],
    actuators: [new ForceActuator({ maxForce, axes: 'xz' })],
  });
  self.addBehavior(agent, true);
  return agent;
}
// snippet end

// snippet: environment
export const tag = defineEnvironment({
  name: 'tag',
  maxDecisions: 100,
  spacing: 12,
  build(area) {
    const { chaserBall, runnerBall } = createYard(area);
    const chaser = createPlayer('chaser', chaserBall, runnerBall, area, 8);
    const runner = createPlayer('runner', runnerBall, chaserBall, area, 6);
    return {
      reset(random) {
        respawn(chaserBall, { position: new Vector3(random.between(-4, -2), 0.5, random.between(-4, 4)) });
        respawn(runnerBall, { position: new Vector3(random.between(2, 4), 0.5, random.between(-4, 4)) });
      },
      afterStep() {
        const caught = Vector3.Distance(chaserBall.position, runnerBall.position) < 1.1;
        chaser.addReward(caught ? 1 : -0.002); // 100 decisions of 5 steps: −1 if it catches nobody
        runner.addReward(caught ? -1 : 0.002);
        if (!caught) return;
        chaser.terminate();
        runner.terminate();
      },
    };
  },
});
// snippet end
