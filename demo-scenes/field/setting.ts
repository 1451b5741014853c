import type { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import type { Camera } from '@babylonjs/core/Cameras/camera.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { CheckedController, Playback } from '../../plugin/index.ts';
import type { Theme } from '../view.ts';
import type { ReturnsTracker } from './returns.ts';

/** Copies on display: one up close, or a square of them. */
export type AreaCount = 1 | 4 | 16 | 64;

/** What the areas of a field stand in: a scene on a canvas, its camera, and how all of it looks. */
export interface Setting {
  readonly scene: Scene;
  /** the numbers of areas that it has room for */
  readonly counts: readonly AreaCount[];
  /** whether its camera moves by itself at the moment */
  readonly moving: boolean;
  /** Builds so many areas. */
  openPlayback(count: AreaCount, controller: CheckedController): Promise<Playback>;
  /** Makes these areas fit to be seen. */
  dress(playback: Playback, returns: ReturnsTracker): Dress;
  /** Moves the camera to where so many areas fill the picture. */
  show(count: AreaCount): void;
  /** Leaves the arrow keys to somebody else, or lets them turn the camera. */
  useKeys(on: boolean): void;
  paint(theme: Theme): void;
  /** Draws frame after frame, once the shaders are there. */
  start(): Promise<void>;
  dispose(): void;
}

/** How the areas of one playback look; made anew when their number changes. */
export interface Dress {
  /** the returns that the colors reach from and to, worst first */
  readonly range: readonly [worst: number, best: number];
  paint(theme: Theme): void;
  /** Before every frame. */
  update(): void;
  dispose(): void;
}

/** Detaches a camera's keys, where it listens to any, or attaches them again. */
export function useCameraKeys(camera: Camera | null, on: boolean): void {
  const keyboard = (camera as Partial<ArcRotateCamera> | null)?.inputs?.attached.keyboard;
  if (!keyboard) return;
  keyboard.detachControl();
  if (on) keyboard.attachControl(false);
}
