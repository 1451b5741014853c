import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { Scene } from '@babylonjs/core/scene.js';
import { enablePhysics } from '../plugin/index.ts';

/** An empty scene with physics on a canvas, WebGPU where the browser has it and WebGL 2 elsewhere. */
export async function createStage(canvas: HTMLCanvasElement): Promise<Scene> {
  const engine = (await createWebgpuEngine(canvas)) ?? new Engine(canvas, true);
  const scene = new Scene(engine);
  await enablePhysics(scene);
  const resize = () => engine.resize();
  new ResizeObserver(resize).observe(canvas);
  return scene;
}

async function createWebgpuEngine(canvas: HTMLCanvasElement): Promise<AbstractEngine | undefined> {
  if (!navigator.gpu) return undefined;
  const { WebGPUEngine } = await import('@babylonjs/core/Engines/webgpuEngine.js');
  if (!(await WebGPUEngine.IsSupportedAsync)) return undefined;
  const engine = new WebGPUEngine(canvas, { antialias: true, adaptToDeviceRatio: true });
  await engine.initAsync();
  return engine;
}

/** Draws frame after frame, once the scene's shaders are there. */
export async function startRendering(scene: Scene): Promise<void> {
  await scene.whenReadyAsync();
  scene.getEngine().runRenderLoop(() => scene.render());
}
