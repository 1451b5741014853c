import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import type { InternalTexture } from '@babylonjs/core/Materials/Textures/internalTexture.js';
import type { Scene } from '@babylonjs/core/scene.js';

/**
 * An engine that draws nothing, that makes the same world as one that does, and whose render loop never runs, even where a scene's own code asks for one: time passes
 * in physics steps alone. Skyboxes and written textures count as ready at once, as Babylon has it for images: nothing is
 * fetched for them, and nobody who waits for the scene to be ready waits for ever.
 */
export class HeadlessEngine extends NullEngine {
  /** what scenes wanted to run in every frame of the engine, and never does */
  readonly loops = new Set<() => void>();

  constructor() {
    super();
    // Babylon's NullEngine has less than any browser. What a world is made of: thin instances, and with them their bodies;
    // images whose pixels are heights, which a worker reads without an HTML element.
    this.getCaps().instancedArrays = true;
    this._features.forceBitmapOverHTMLImageElement = typeof HTMLImageElement === 'undefined';
    // Babylon's own are put on a prototype when their extension is first used.
    Object.assign(this, { createCubeTexture: this.#createCube, createPrefilteredCubeTexture: this.#createCube });
  }

  override runRenderLoop(loop: () => void): void {
    this.loops.add(loop);
  }

  override updateDynamicTexture(texture: InternalTexture | null): void {
    if (texture) texture.isReady = true;
  }

  /** The first five arguments of both functions that make cubes. */
  readonly #createCube = (
    url: string,
    scene: Scene | null,
    _files: unknown,
    _mipmaps: unknown,
    onLoad: ((texture: InternalTexture) => void) | null = null,
  ): InternalTexture => {
    const texture = this.createTexture(url, true, false, scene, undefined, onLoad);
    texture.isCube = true;
    return texture;
  };
}
