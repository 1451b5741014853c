import type { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import type { Camera } from '@babylonjs/core/Cameras/camera.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { CheckedController, Playback } from '../../plugin/index.ts';
import type { Theme } from '../view.ts';
import type { ReturnsTracker } from './returns.ts';

/** Number of displayed copies: one up close, or a square of them. */
export type AreaCount = 1 | 4 | 16 | 64;

/** The surroundings of a field's areas: a scene on a canvas, its camera, and its look. */
export interface Setting {
  readonly scene: Scene;
  /** the numbers of areas that it has room for */
  readonly counts: readonly AreaCount[];
  /** whether its camera is moving by itself */
  readonly moving: boolean;
  /** Builds this many areas. */
  openPlayback(count: AreaCount, controller: CheckedController): Promise<Playback>;
  /** Prepares these areas for display. */
  dress(playback: Playback, returns: ReturnsTracker): Dress;
  /** Moves the camera to where this many areas fill the picture. */
  show(count: AreaCount): void;
  /** Releases the arrow keys for other uses, or lets them rotate the camera. */
  useKeys(on: boolean): void;
  paint(theme: Theme): void;
  /** Draws frame after frame, once the shaders are ready. */
  start(): Promise<void>;
  dispose(): void;
}

/** The look of one playback's areas; recreated when their number changes. */
export interface Dress {
  /** the returns at both ends of the color scale, worst first */
  readonly range: readonly [worst: number, best: number];
  paint(theme: Theme): void;
  /** Called before every frame. */
  update(): void;
  dispose(): void;
}

/** Detaches a camera's keys, if it listens to any, or attaches them again. */
export function useCameraKeys(camera: Camera | null, on: boolean): void {
  const keyboard = (camera as Partial<ArcRotateCamera> | null)?.inputs?.attached.keyboard;
  if (!keyboard) return;
  keyboard.detachControl();
  if (on) keyboard.attachControl(false);
}
