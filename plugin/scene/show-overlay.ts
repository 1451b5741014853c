import type { Scene } from '@babylonjs/core/scene.js';
import type { Drawable, Overlay, OverlayOptions } from './overlay.ts';
import { requireScene } from './require-scene.ts';

/**
 * Draws over a playback what its agents sense and do: whatever their sensors and actuators draw(), and bars for actions
 * that nobody draws. The code for it is loaded by the first call; dispose what comes back before the playback. Undefined
 * when the playback or the scene was disposed meanwhile.
 */
export async function showOverlay(
  playback: Drawable,
  scene: Scene,
  options: OverlayOptions = {},
): Promise<Overlay | undefined> {
  requireScene(scene, 'showOverlay(playback, scene, options)');
  const { Overlay } = await import('./overlay.ts');
  return scene.isDisposed || playback.disposed ? undefined : new Overlay(playback, scene, options);
}
