import type { Scene } from '@babylonjs/core/scene.js';
import { type CheckedController, type Environment, type Playback, play } from '../../plugin/index.ts';
import { CanvasEngine } from './canvas-engine.ts';
import { type AreaCount, type Dress, type Setting, useCameraKeys } from './setting.ts';

/** The scene keeps its own colors. */
const PLAIN: Dress = { range: [0, 0], paint() {}, update() {}, dispose() {} };

/** The scene that an environment creates itself, as a single area, with its own camera, lights and materials. */
export class OwnScene implements Setting {
  readonly scene: Scene;
  readonly counts: readonly AreaCount[] = [1];
  readonly moving = false;
  readonly #environment: Environment;
  readonly #canvas: CanvasEngine;

  static async open(canvas: HTMLCanvasElement, environment: Environment): Promise<OwnScene> {
    const drawing = await CanvasEngine.open(canvas);
    try {
      return new OwnScene(drawing, environment, await environment.createScene!(drawing.engine));
    } catch (error) {
      drawing.dispose();
      throw error;
    }
  }

  private constructor(canvas: CanvasEngine, environment: Environment, scene: Scene) {
    this.#canvas = canvas;
    this.#environment = environment;
    this.scene = scene;
  }

  openPlayback(_count: AreaCount, controller: CheckedController): Promise<Playback> {
    return play(this.#environment, this.scene, controller);
  }

  dress(): Dress {
    return PLAIN;
  }

  show(): void {}

  useKeys(on: boolean): void {
    useCameraKeys(this.scene.activeCamera, on);
  }

  paint(): void {}

  start(): Promise<void> {
    return this.#canvas.draw(this.scene);
  }

  dispose(): void {
    this.#canvas.dispose();
  }
}
