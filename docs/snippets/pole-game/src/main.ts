import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { Scene } from '@babylonjs/core/scene.js';
import { enablePhysics, loadPolicy, play, showOverlay } from 'babylon-agents';
import { pole } from './pole.ts';
import '@babylonjs/core/Materials/standardMaterial.js'; // draws meshes that have no material of their own

const engine = new Engine(document.querySelector('canvas'), true);
const scene = new Scene(engine);
await enablePhysics(scene);
new ArcRotateCamera('camera', -Math.PI / 2, 1.3, 4, new Vector3(0, 0.9, 0), scene).attachControl();
new HemisphericLight('sky', Vector3.Up(), scene);
const playback = await play(pole, scene, await loadPolicy('pole.safetensors'));
await showOverlay(playback, scene);
engine.runRenderLoop(() => scene.render());
