import type { Scene } from '@babylonjs/core/scene.js';
import type { Overlay, OverlayOptions } from './overlay.ts';
import type { Playback } from './play.ts';

/**
 * Draws over a playback what its agents sense and do: whatever their sensors and actuators draw(), and bars for actions
 * that nobody draws. The code for it is loaded by the first call; dispose what comes back before the playback. Undefined
 * when the playback or the scene was disposed meanwhile.
 */
export async function showOverlay(
  playback: Playback,
  scene: Scene,
  options: OverlayOptions = {},
): Promise<Overlay | undefined> {
  const { Overlay } = await import('./overlay.ts');
  const gone = scene.isDisposed || playback.clock.areas.some(({ root }) => root.isDisposed());
  return gone ? undefined : new Overlay(playback, scene, options);
}
