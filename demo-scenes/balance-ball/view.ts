import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import { Camera } from '@babylonjs/core/Cameras/camera.js';
import { DirectionalLight } from '@babylonjs/core/Lights/directionalLight.js';
import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight.js';
import { ShadowGenerator } from '@babylonjs/core/Lights/Shadows/shadowGenerator.js';
import '@babylonjs/core/Lights/Shadows/shadowGeneratorSceneComponent.js';
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { Color3, Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateGround } from '@babylonjs/core/Meshes/Builders/groundBuilder.js';
import { Scene } from '@babylonjs/core/scene.js';
import type { Theme, View } from '../view.ts';

/** m below the platforms' middles */
const FLOOR = -4.5;

interface Palette {
  readonly back: string;
  readonly floor: string;
  readonly platform: string;
  readonly ball: string;
  readonly sky: number;
  readonly sun: number;
}

const PALETTES: Readonly<Record<Theme, Palette>> = {
  light: { back: '#e9ecef', floor: '#e9ecef', platform: '#fbfbfa', ball: '#e2552b', sky: 0.75, sun: 0.5 },
  dark: { back: '#14171c', floor: '#1a1e25', platform: '#4a5568', ball: '#ff8a5c', sky: 0.55, sun: 0.9 },
};

/** Pale platforms over a floor without an end, and balls that are easy to follow. */
export const view: View = {
  areas: 16,
  spacing: 8.5,
  decorate(scene) {
    createCamera(scene);
    const sky = new HemisphericLight('sky', Vector3.Up(), scene);
    const sun = createSun(scene);
    const materials = { floor: createFloor(scene), platform: dress(scene, 'platform'), ball: dress(scene, 'ball') };
    materials.ball.specularColor = new Color3(0.35, 0.35, 0.35);
    castShadows(scene, sun);
    scene.fogMode = Scene.FOGMODE_LINEAR;
    scene.fogStart = 45;
    scene.fogEnd = 120;
    return (theme) => {
      const palette = PALETTES[theme];
      const back = Color3.FromHexString(palette.back);
      scene.clearColor = Color4.FromColor3(back, 1);
      scene.fogColor = back;
      sky.intensity = palette.sky;
      sky.groundColor = back.scale(0.6);
      sun.intensity = palette.sun;
      for (const part of ['floor', 'platform', 'ball'] as const) {
        materials[part].diffuseColor = Color3.FromHexString(palette[part]);
      }
    };
  },
};

function createCamera(scene: Scene): void {
  const camera = new ArcRotateCamera('camera', -Math.PI / 2.6, 1.02, 48, new Vector3(0, -1, 0), scene);
  camera.fov = 0.7;
  camera.lowerRadiusLimit = 10;
  camera.upperRadiusLimit = 80;
  camera.upperBetaLimit = 1.45;
  camera.wheelDeltaPercentage = 0.01;
  camera.panningSensibility = 0;
  camera.attachControl(true);
  const fit = () => {
    const upright = scene.getEngine().getScreenAspectRatio() < 1;
    camera.fovMode = upright ? Camera.FOVMODE_HORIZONTAL_FIXED : Camera.FOVMODE_VERTICAL_FIXED;
  };
  scene.getEngine().onResizeObservable.add(fit);
  fit();
}

function createSun(scene: Scene): DirectionalLight {
  const sun = new DirectionalLight('sun', new Vector3(-0.45, -1, 0.35), scene);
  sun.position = new Vector3(20, 40, -16);
  return sun;
}

function createFloor(scene: Scene): StandardMaterial {
  const floor = CreateGround('floor', { width: 400, height: 400 }, scene);
  floor.position.y = FLOOR;
  floor.receiveShadows = true;
  return dress(scene, 'floor');
}

/** One matt material for all nodes of a name. */
function dress(scene: Scene, name: string): StandardMaterial {
  const material = new StandardMaterial(name, scene);
  material.specularColor = Color3.Black();
  for (const mesh of scene.meshes) if (mesh.name === name) mesh.material = material;
  return material;
}

function castShadows(scene: Scene, sun: DirectionalLight): void {
  const shadows = new ShadowGenerator(2048, sun);
  shadows.usePercentageCloserFiltering = true;
  shadows.bias = 0.002;
  shadows.normalBias = 0.02;
  shadows.setDarkness(0.35);
  for (const mesh of scene.meshes) {
    if (mesh.name === 'floor') continue;
    mesh.receiveShadows = true;
    shadows.addShadowCaster(mesh);
  }
}
