// snippet: scene
import { UniversalCamera } from '@babylonjs/core/Cameras/universalCamera.js';
import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateGround } from '@babylonjs/core/Meshes/Builders/groundBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { Scene } from '@babylonjs/core/scene.js';
import { Agent, BodySensor, enablePhysics, ForceActuator, RelativePositionSensor } from 'babylon-agents';
import '@babylonjs/core/Materials/standardMaterial.js'; // draws meshes that have no material of their own

/** An ordinary game scene with agents in it. */
export async function createScene(engine: AbstractEngine) {
  const scene = new Scene(engine);
  await enablePhysics(scene);
  new UniversalCamera('camera', new Vector3(0, 9, -16), scene).setTarget(Vector3.Zero());
  new HemisphericLight('sun', Vector3.Up(), scene);
  const ground = CreateGround('ground', { width: 30, height: 30 }, scene);
  new PhysicsAggregate(ground, PhysicsShapeType.BOX, { mass: 0 }, scene);
  const player = CreateSphere('player', { diameter: 0.5 }, scene);
  player.position.y = 0.5; // as high as the goal was in training
  const agents = [-3, -1, 1, 3].map((x) => {
    const ball = CreateSphere(`ball ${x}`, { diameter: 1 }, scene);
    ball.position.set(x, 0.5, 4);
    new PhysicsAggregate(ball, PhysicsShapeType.SPHERE, { mass: 1 }, scene);
    const agent = new Agent({
      sensors: [
        new RelativePositionSensor({ target: player, frame: 'world' }), // as in training, with another target
        new BodySensor({ linearVelocity: true }),
      ],
      actuators: [new ForceActuator({ maxForce: 6, axes: 'xz' })],
    });
    ball.addBehavior(agent, true);
    return agent;
  });
  return { scene, agents, player };
}
// snippet end
