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
import type { Colors, Theme } from '../view.ts';
import { CanvasEngine } from './canvas-engine.ts';

/** of the floor and of the haze at its edge */
const BACK: Colors = { light: '#e6e9ee', dark: '#181b21' };
/** light from below */
const SHADE: Colors = { light: '#8b93a3', dark: '#262b36' };

/** An engine and an empty scene with physics, light, shadows and perhaps a floor: what all demo scenes have in common. */
export class Stage {
  readonly scene: Scene;
  readonly #canvas: CanvasEngine;
  readonly #sky: HemisphericLight;
  readonly #sun: DirectionalLight;
  readonly #shadows: ShadowGenerator;
  readonly #floor: StandardMaterial;

  static async open(canvas: HTMLCanvasElement, floor: number | undefined): Promise<Stage> {
    const drawing = await CanvasEngine.open(canvas);
    try {
      const scene = new Scene(drawing.engine);
      await enablePhysics(scene);
      return new Stage(drawing, scene, floor);
    } catch (error) {
      drawing.dispose();
      throw error;
    }
  }

  private constructor(canvas: CanvasEngine, scene: Scene, floor: number | undefined) {
    this.#canvas = canvas;
    this.scene = scene;
    this.#sky = new HemisphericLight('sky', Vector3.Up(), scene);
    this.#sky.intensity = 0.62;
    this.#sun = new DirectionalLight('sun', new Vector3(-0.45, -1, 0.35).normalize(), scene);
    this.#sun.intensity = 0.44; // together with the sky, a level surface shows about its own color
    this.#shadows = new ShadowGenerator(2048, this.#sun);
    this.#shadows.usePercentageCloserFiltering = true;
    this.#shadows.filteringQuality = ShadowGenerator.QUALITY_LOW;
    this.#shadows.bias = 0.002;
    this.#shadows.normalBias = 0.02;
    scene.fogMode = Scene.FOGMODE_LINEAR;
    this.#floor = createMaterial(scene, 'floor');
    if (floor !== undefined) createFloor(scene, floor).material = this.#floor;
  }

  /** Lights the ground within `radius` m of the origin, and lets these meshes cast shadows on it. */
  light(radius: number, casters: readonly Mesh[]): void {
    const far = radius + 20;
    this.#sun.position = this.#sun.direction.scale(-far);
    this.#sun.shadowFrustumSize = 2 * radius + 6;
    this.#sun.shadowMinZ = 0;
    this.#sun.shadowMaxZ = 2 * far;
    this.#shadows.getShadowMap()!.renderList = [...casters];
  }

  /** Lets the floor fade out behind the target of a camera `distance` m away. */
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

  /** Draws frame after frame, once the shaders are ready. */
  start(): Promise<void> {
    return this.#canvas.draw(this.scene);
  }

  dispose(): void {
    this.#canvas.dispose();
  }
}

/** A matte material. */
export function createMaterial(scene: Scene, name: string): StandardMaterial {
  const material = new StandardMaterial(name, scene);
  material.specularColor = Color3.Black();
  return material;
}

function createFloor(scene: Scene, height: number): Mesh {
  const floor = CreateGround('floor', { width: 1200, height: 1200 }, scene);
  floor.position.y = height;
  floor.receiveShadows = true;
  floor.isPickable = false;
  floor.freezeWorldMatrix();
  return floor;
}
