import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { DirectionalLight } from '@babylonjs/core/Lights/directionalLight.js';
import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight.js';
import { ShadowGenerator } from '@babylonjs/core/Lights/Shadows/shadowGenerator.js';
import '@babylonjs/core/Lights/Shadows/shadowGeneratorSceneComponent.js';
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { Color3, Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateGround } from '@babylonjs/core/Meshes/Builders/groundBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { Scene } from '@babylonjs/core/scene.js';
import { enablePhysics } from '../../plugin/index.ts';
import type { Colours, Theme } from '../view.ts';

/** Pixels drawn for each pixel of the page along an edge, at most: phones have three, and nobody sees the third. */
const SHARPEST = 2;
/** of the floor and of the haze that it ends in */
const BACK: Colours = { light: '#e6e9ee', dark: '#181b21' };
/** light from below */
const SHADE: Colours = { light: '#8b93a3', dark: '#262b36' };

/** An engine and an empty scene with physics, light, shadows and perhaps a floor; what all demo scenes have in common. */
export class Stage {
  readonly scene: Scene;
  readonly #engine: AbstractEngine;
  readonly #resizing: ResizeObserver;
  readonly #sky: HemisphericLight;
  readonly #sun: DirectionalLight;
  readonly #shadows: ShadowGenerator;
  readonly #floor: StandardMaterial;

  /** WebGPU where the browser has it, and WebGL 2 elsewhere. */
  static async open(canvas: HTMLCanvasElement, floor: number | undefined): Promise<Stage> {
    const engine = (await createWebgpuEngine(canvas)) ?? new Engine(canvas, true);
    try {
      const scene = new Scene(engine);
      await enablePhysics(scene);
      return new Stage(scene, canvas, floor);
    } catch (error) {
      engine.dispose();
      throw error;
    }
  }

  private constructor(scene: Scene, canvas: HTMLCanvasElement, floor: number | undefined) {
    this.scene = scene;
    this.#engine = scene.getEngine();
    this.#engine.setHardwareScalingLevel(1 / Math.min(devicePixelRatio, SHARPEST));
    this.#resizing = new ResizeObserver(() => this.#engine.resize());
    this.#resizing.observe(canvas);
    this.#sky = new HemisphericLight('sky', Vector3.Up(), scene);
    this.#sky.intensity = 0.62;
    this.#sun = new DirectionalLight('sun', new Vector3(-0.45, -1, 0.35).normalize(), scene);
    this.#sun.intensity = 0.44; // with the sky's, a level surface shows about its own colour
    this.#shadows = new ShadowGenerator(2048, this.#sun);
    this.#shadows.usePercentageCloserFiltering = true;
    this.#shadows.filteringQuality = ShadowGenerator.QUALITY_LOW;
    this.#shadows.bias = 0.002;
    this.#shadows.normalBias = 0.02;
    scene.fogMode = Scene.FOGMODE_LINEAR;
    this.#floor = createMaterial(scene, 'floor');
    if (floor !== undefined) createFloor(scene, floor).material = this.#floor;
  }

  /** Lights the ground within `radius` m of the origin, and lets these meshes cast their shadows on it. */
  light(radius: number, casters: readonly Mesh[]): void {
    const far = radius + 20;
    this.#sun.position = this.#sun.direction.scale(-far);
    this.#sun.shadowFrustumSize = 2 * radius + 6;
    this.#sun.shadowMinZ = 0;
    this.#sun.shadowMaxZ = 2 * far;
    this.#shadows.getShadowMap()!.renderList = [...casters];
  }

  /** Lets the floor fade out behind what a camera `distance` m away looks at. */
  haze(distance: number): void {
    this.scene.fogStart = 1.25 * distance + 10;
    this.scene.fogEnd = 2.6 * distance + 40;
  }

  paint(theme: Theme): void {
    const back = Color3.FromHexString(BACK[theme]);
    this.scene.clearColor = Color4.FromColor3(back);
    this.scene.fogColor = back;
    this.#floor.diffuseColor = back;
    this.#shadows.setDarkness(theme === 'light' ? 0.5 : 0.2);
    this.#sky.groundColor = Color3.FromHexString(SHADE[theme]);
  }

  /** Draws frame after frame, once the shaders are there. */
  async start(): Promise<void> {
    await this.scene.whenReadyAsync();
    this.#engine.runRenderLoop(() => this.scene.render());
  }

  dispose(): void {
    this.#resizing.disconnect();
    this.#engine.stopRenderLoop();
    this.scene.dispose();
    this.#engine.dispose();
  }
}

/** A matt material. */
export function createMaterial(scene: Scene, name: string): StandardMaterial {
  const material = new StandardMaterial(name, scene);
  material.specularColor = Color3.Black();
  return material;
}

async function createWebgpuEngine(canvas: HTMLCanvasElement): Promise<AbstractEngine | undefined> {
  if (!navigator.gpu) return undefined;
  const { WebGPUEngine } = await import('@babylonjs/core/Engines/webgpuEngine.js');
  if (!(await WebGPUEngine.IsSupportedAsync)) return undefined;
  const engine = new WebGPUEngine(canvas, { antialias: true });
  await engine.initAsync();
  return engine;
}

function createFloor(scene: Scene, height: number): Mesh {
  const floor = CreateGround('floor', { width: 1200, height: 1200 }, scene);
  floor.position.y = height;
  floor.receiveShadows = true;
  floor.isPickable = false;
  floor.freezeWorldMatrix();
  return floor;
}
