// snippet: play
import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { Scene } from '@babylonjs/core/scene.js';
import { enablePhysics, loadPolicy, play } from 'babylon-agents';
import { roller } from './roller.js';
import '@babylonjs/core/Materials/standardMaterial.js'; // draws meshes that have no material of their own

const engine = new Engine(document.querySelector('canvas'));
const scene = new Scene(engine);
await enablePhysics(scene);
new ArcRotateCamera('camera', -Math.PI / 2, 0.9, 18, Vector3.Zero(), scene);
new HemisphericLight('sky', Vector3.Up(), scene);
const playback = await play(roller, scene, await loadPolicy('roller.safetensors'));
engine.runRenderLoop(() => scene.render());
// snippet end

playback.onDecisionObservable.add(() => {
  document.title = String(Number(document.title) + 1);
});
