import { TargetCamera } from '@babylonjs/core/Cameras/targetCamera.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { DirectionalLight } from '@babylonjs/core/Lights/directionalLight.js';
import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight.js';
import { ShadowGenerator } from '@babylonjs/core/Lights/Shadows/shadowGenerator.js';
import '@babylonjs/core/Lights/Shadows/shadowGeneratorSceneComponent.js';
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { Color3, Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { Scene } from '@babylonjs/core/scene.js';
import { PALETTE } from './palette.ts';

/** pixels drawn for each of the page's along an edge, at most: phones have three, and nobody sees the third */
const SHARPEST = 2;

/** The engine, an empty scene and its light; sun and shadows reach the ring alone. */
export class Stage {
  readonly scene: Scene;
  readonly camera: TargetCamera;
  readonly #engine: Engine;
  readonly #shadows: ShadowGenerator;

  constructor(canvas: HTMLCanvasElement) {
    this.#engine = new Engine(canvas, true);
    this.#engine.setHardwareScalingLevel(1 / Math.min(devicePixelRatio, SHARPEST));
    this.scene = new Scene(this.#engine);
    this.scene.clearColor = Color4.FromColor3(PALETTE.haze);
    this.scene.fogColor = PALETTE.haze;
    this.scene.skipPointerMovePicking = true;
    this.camera = new TargetCamera('camera', new Vector3(0, 10, -14), this.scene);
    this.camera.maxZ = 900;
    this.camera.minZ = 0.5;
    const sky = new HemisphericLight('sky', Vector3.Up(), this.scene);
    sky.intensity = 0.75;
    sky.diffuse = Color3.FromHexString('#c9b8ff');
    sky.groundColor = Color3.FromHexString('#8a3f78');
    const sun = new DirectionalLight('sun', new Vector3(-0.5, -0.9, -0.42).normalize(), this.scene);
    sun.diffuse = Color3.FromHexString('#ffd2a1');
    sun.intensity = 1.1;
    sun.position = sun.direction.scale(-20);
    sun.shadowFrustumSize = 15;
    sun.shadowMinZ = 5;
    sun.shadowMaxZ = 35;
    this.#shadows = new ShadowGenerator(1024, sun);
    this.#shadows.usePercentageCloserFiltering = true;
    this.#shadows.filteringQuality = ShadowGenerator.QUALITY_LOW;
    this.#shadows.bias = 0.01;
    this.#shadows.setDarkness(0.35);
    new ResizeObserver(() => this.#engine.resize()).observe(canvas);
  }

  /** Lets a mesh throw its shadow on the ring. */
  castShadow(mesh: Mesh): void {
    this.#shadows.addShadowCaster(mesh, false);
  }

  /** Draws frame after frame, once the shaders are there. */
  async start(): Promise<void> {
    await this.scene.whenReadyAsync();
    this.#engine.runRenderLoop(() => this.scene.render());
  }
}

/** A material with a color of its own, and perhaps a light. */
export function createMaterial(scene: Scene, name: string, diffuse: Color3, emissive?: Color3): StandardMaterial {
  const material = new StandardMaterial(name, scene);
  material.diffuseColor = diffuse;
  material.specularColor = new Color3(0.12, 0.12, 0.16);
  if (emissive) material.emissiveColor = emissive;
  return material;
}
