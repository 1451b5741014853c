import type { Scene } from '@babylonjs/core/scene.js';
import type { Drawable, Overlay, OverlayOptions } from './overlay.ts';
import { requireScene } from './require-scene.ts';

/**
 * Draws what a playback's agents sense and do: whatever their sensors and actuators draw(), and bars for the actions of
 * actuators without draw(). The first call loads the code. Dispose the result before the playback. Returns undefined if the
 * playback or the scene was disposed in the meantime.
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
