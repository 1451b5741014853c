import type { Scene } from '@babylonjs/core/scene.js';

/** How to switch the thread's stand-in page to that of a scene, in training. */
const pages = new WeakMap<Scene, () => void>();

export function setScenePage(scene: Scene, enter: () => void): void {
  pages.set(scene, enter);
}

/** Switches `document` and the engine's canvas to those of a scene. Does nothing in a real page. */
export function enterScenePage(scene: Scene): void {
  pages.get(scene)?.();
}
