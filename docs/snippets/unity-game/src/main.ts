// snippet: play
import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import { PhysicsMotionType, PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { Scene } from '@babylonjs/core/scene.js';
import { enablePhysics, loadPolicy, playPolicy } from 'babylon-agents';
import { createBallAgent } from './ball-agent.ts';
import '@babylonjs/core/Materials/standardMaterial.js'; // draws meshes that have no material of their own

const engine = new Engine(document.querySelector('canvas'));
const scene = new Scene(engine);
await enablePhysics(scene);
new ArcRotateCamera('camera', -Math.PI / 2, 1.1, 18, Vector3.Zero(), scene);
new HemisphericLight('sky', Vector3.Up(), scene);

const platform = CreateBox('platform', { size: 5 }, scene);
const { body } = new PhysicsAggregate(platform, PhysicsShapeType.BOX, { mass: 0 }, scene);
body.setMotionType(PhysicsMotionType.ANIMATED); // turned by the agent, not by forces
const ball = CreateSphere('ball', { diameter: 1 }, scene);
ball.position.set(0.8, 4, 0.5);
new PhysicsAggregate(ball, PhysicsShapeType.SPHERE, { mass: 1 }, scene);

const agent = createBallAgent(platform, ball);
platform.addBehavior(agent, true);
playPolicy(await loadPolicy('3dball.safetensors'), scene, { agents: [agent] });
engine.runRenderLoop(() => scene.render());
// snippet end
