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
  /** of the floor and of the haze that it ends in */
  readonly back: string;
  readonly platform: string;
  readonly ball: string;
  /** light from below */
  readonly shade: string;
}

const PALETTES: Readonly<Record<Theme, Palette>> = {
  light: { back: '#e6e9ee', platform: '#ffffff', ball: '#e8532a', shade: '#8b93a3' },
  dark: { back: '#181b21', platform: '#56637a', ball: '#ff8a5c', shade: '#262b36' },
};

/** Pale platforms over a floor without an end, and balls that are easy to follow. */
export const view: View = {
  areas: 16,
  spacing: 8,
  decorate(scene) {
    createCamera(scene);
    const sky = new HemisphericLight('sky', Vector3.Up(), scene);
    const sun = createSun(scene);
    sky.intensity = 0.62;
    sun.intensity = 0.44; // with the sky's, a level surface shows about its own colour
    const floor = createFloor(scene);
    const platform = dress(scene, 'platform');
    const ball = dress(scene, 'ball');
    ball.specularColor = new Color3(0.3, 0.3, 0.3);
    const shadows = castShadows(scene, sun);
    scene.fogMode = Scene.FOGMODE_LINEAR;
    scene.fogStart = 80;
    scene.fogEnd = 180;
    return (theme) => {
      const palette = PALETTES[theme];
      const back = Color3.FromHexString(palette.back);
      scene.clearColor = Color4.FromColor3(back);
      scene.fogColor = back;
      floor.diffuseColor = back;
      platform.diffuseColor = Color3.FromHexString(palette.platform);
      ball.diffuseColor = Color3.FromHexString(palette.ball);
      shadows.setDarkness(theme === 'light' ? 0.5 : 0.2);
      sky.groundColor = Color3.FromHexString(palette.shade);
    };
  },
};

function createCamera(scene: Scene): void {
  const camera = new ArcRotateCamera('camera', -Math.PI / 2.7, 0.98, 70, new Vector3(-1.5, -3.5, -2.5), scene);
  camera.lowerRadiusLimit = 15;
  camera.upperRadiusLimit = 110;
  camera.upperBetaLimit = 1.45;
  camera.wheelDeltaPercentage = 0.01;
  camera.panningSensibility = 0;
  camera.attachControl(true);
  const fit = () => {
    const upright = scene.getEngine().getScreenAspectRatio() < 1;
    camera.fov = upright ? 0.6 : 0.49;
    camera.fovMode = upright ? Camera.FOVMODE_HORIZONTAL_FIXED : Camera.FOVMODE_VERTICAL_FIXED;
  };
  scene.getEngine().onResizeObservable.add(fit);
  fit();
}

function createSun(scene: Scene): DirectionalLight {
  const sun = new DirectionalLight('sun', new Vector3(-0.45, -1, 0.35), scene);
  sun.position = new Vector3(20, 40, -16);
  sun.autoCalcShadowZBounds = true;
  return sun;
}

function createFloor(scene: Scene): StandardMaterial {
  const floor = CreateGround('floor', { width: 400, height: 400 }, scene);
  floor.position.y = FLOOR;
  return dress(scene, 'floor');
}

/** One matt material for all nodes of a name. */
function dress(scene: Scene, name: string): StandardMaterial {
  const material = new StandardMaterial(name, scene);
  material.specularColor = Color3.Black();
  for (const mesh of scene.meshes) if (mesh.name === name) mesh.material = material;
  return material;
}

function castShadows(scene: Scene, sun: DirectionalLight): ShadowGenerator {
  const shadows = new ShadowGenerator(2048, sun);
  shadows.usePercentageCloserFiltering = true;
  shadows.filteringQuality = ShadowGenerator.QUALITY_LOW;
  shadows.bias = 0.005;
  shadows.normalBias = 0.02;
  for (const mesh of scene.meshes) {
    mesh.receiveShadows = true;
    if (mesh.name !== 'floor') shadows.addShadowCaster(mesh);
  }
  return shadows;
}
