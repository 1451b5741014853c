import type { Scene } from '@babylonjs/core/scene.js';

/** How to make the page of a scene that of the thread, where training stands in for one. */
const pages = new WeakMap<Scene, () => void>();

export function setScenePage(scene: Scene, enter: () => void): void {
  pages.set(scene, enter);
}

/** Makes `document`, and the engine's canvas, those of a scene. Does nothing in a page of a browser. */
export function enterScenePage(scene: Scene): void {
  pages.get(scene)?.();
}
