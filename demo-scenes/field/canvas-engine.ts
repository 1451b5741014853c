import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import type { Scene } from '@babylonjs/core/scene.js';

/** Pixels drawn for each pixel of the page along an edge, at most: phones have three, and nobody sees the third. */
const SHARPEST = 2;

/** An engine that draws on a canvas of the page, whatever size the page gives it. */
export class CanvasEngine {
  readonly engine: AbstractEngine;
  readonly #resizing: ResizeObserver;

  /** WebGPU where the browser has it, and WebGL 2 elsewhere. */
  static async open(canvas: HTMLCanvasElement): Promise<CanvasEngine> {
    return new CanvasEngine((await createWebgpuEngine(canvas)) ?? createWebglEngine(canvas), canvas);
  }

  private constructor(engine: AbstractEngine, canvas: HTMLCanvasElement) {
    this.engine = engine;
    engine.setHardwareScalingLevel(1 / Math.min(devicePixelRatio, SHARPEST));
    this.#resizing = new ResizeObserver(() => engine.resize());
    this.#resizing.observe(canvas);
  }

  /** Draws a scene frame after frame, once its shaders are there. */
  async draw(scene: Scene): Promise<void> {
    await scene.whenReadyAsync();
    this.engine.runRenderLoop(() => scene.render());
  }

  /** Takes its scenes with it. */
  dispose(): void {
    this.#resizing.disconnect();
    this.engine.stopRenderLoop();
    for (const scene of [...this.engine.scenes]) scene.dispose();
    this.engine.dispose();
  }
}

function createWebglEngine(canvas: HTMLCanvasElement): AbstractEngine {
  try {
    return new Engine(canvas, true);
  } catch (error) {
    throw new Error(
      'This browser offers neither WebGPU nor WebGL, so the scene cannot be shown. Turn on hardware acceleration, or use another browser.',
      { cause: error },
    );
  }
}

async function createWebgpuEngine(canvas: HTMLCanvasElement): Promise<AbstractEngine | undefined> {
  if (!navigator.gpu) return undefined;
  const { WebGPUEngine } = await import('@babylonjs/core/Engines/webgpuEngine.js');
  if (!(await WebGPUEngine.IsSupportedAsync)) return undefined;
  const engine = new WebGPUEngine(canvas, { antialias: true });
  await engine.initAsync();
  return engine;
}
