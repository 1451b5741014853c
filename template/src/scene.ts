import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { DirectionalLight } from '@babylonjs/core/Lights/directionalLight.js';
import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight.js';
import { ShadowGenerator } from '@babylonjs/core/Lights/Shadows/shadowGenerator.js';
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { Color3, Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { Scene } from '@babylonjs/core/scene.js';
import '@babylonjs/core/Lights/Shadows/shadowGeneratorSceneComponent.js';

/** What the page looks like. Training never loads this file. */
const canvas = document.body.appendChild(document.createElement('canvas'));
const engine = new Engine(canvas, true);
export const scene = new Scene(engine);
scene.clearColor = Color4.FromHexString('#e8edf2ff');

const camera = new ArcRotateCamera('camera', -1.2, 0.8, 52, Vector3.Zero(), scene);
camera.attachControl();
camera.wheelDeltaPercentage = 0.01;

new HemisphericLight('sky', Vector3.Up(), scene).intensity = 0.6;
const sun = new DirectionalLight('sun', new Vector3(1, -2, 1), scene);
sun.position = new Vector3(-20, 40, -20);
sun.intensity = 0.7;
const shadows = new ShadowGenerator(2048, sun);
shadows.usePercentageCloserFiltering = true;

/** The color of each mesh, by its name. */
const colors = { plate: '#51657a', ball: '#ff8a3d', ring: '#ffe066' };

const materials = new Map();
for (const [name, color] of Object.entries(colors)) {
  const material = new StandardMaterial(name, scene);
  material.diffuseColor = Color3.FromHexString(color);
  material.specularColor = new Color3(0.1, 0.1, 0.1);
  materials.set(name, material);
}
scene.onNewMeshAddedObservable.add((mesh) => {
  mesh.material = materials.get(mesh.name) ?? null;
  mesh.receiveShadows = mesh.name === 'plate';
  if (mesh.name !== 'plate') shadows.addShadowCaster(mesh);
});

engine.runRenderLoop(() => scene.render());
addEventListener('resize', () => engine.resize());
