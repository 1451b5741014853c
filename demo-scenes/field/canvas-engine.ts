import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import type { Scene } from '@babylonjs/core/scene.js';

/** Most device pixels per CSS pixel that are drawn: phones have three, and the third is not visible. */
const SHARPEST = 2;

/** An engine that draws on a canvas of the page and follows its size. */
export class CanvasEngine {
  readonly engine: AbstractEngine;
  readonly #resizing: ResizeObserver;

  /** WebGPU if the browser has it, otherwise WebGL 2. */
  static async open(canvas: HTMLCanvasElement): Promise<CanvasEngine> {
    return new CanvasEngine((await createWebgpuEngine(canvas)) ?? createWebglEngine(canvas), canvas);
  }

  private constructor(engine: AbstractEngine, canvas: HTMLCanvasElement) {
    this.engine = engine;
    engine.setHardwareScalingLevel(1 / Math.min(devicePixelRatio, SHARPEST));
    this.#resizing = new ResizeObserver(() => engine.resize());
    this.#resizing.observe(canvas);
  }

  /** Draws a scene frame after frame, once its shaders are ready. */
  async draw(scene: Scene): Promise<void> {
    await scene.whenReadyAsync();
    this.engine.runRenderLoop(() => scene.render());
  }

  /** Also disposes its scenes. */
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
      'This browser offers neither WebGPU nor WebGL, so the scene cannot be displayed. Turn on hardware acceleration, or use another browser.',
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
