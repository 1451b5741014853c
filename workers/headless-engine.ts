import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import type { RenderTargetWrapper } from '@babylonjs/core/Engines/renderTargetWrapper.js';
import type { InternalTexture } from '@babylonjs/core/Materials/Textures/internalTexture.js';
import type { RenderTargetCreationOptions } from '@babylonjs/core/Materials/Textures/textureCreationOptions.js';
import { headlessTextures } from './headless-textures.ts';

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
    this._features.supportCSM = true;
    Object.assign(this, headlessTextures(this));
  }

  override runRenderLoop(loop: () => void): void {
    this.loops.add(loop);
  }

  /** NullEngine's own makes the texture, and keeps it to itself. */
  override createRenderTargetCubeTexture(size: number, options?: RenderTargetCreationOptions): RenderTargetWrapper {
    const target = super.createRenderTargetCubeTexture(size, options);
    if (!target.texture) target.setTextures(this.getLoadedTexturesCache().at(-1)!);
    return target;
  }

  /** An image of GUI's: it never loads. */
  override createCanvasImage(): ReturnType<NullEngine['createCanvasImage']> {
    if (typeof document !== 'undefined') return super.createCanvasImage();
    return Object.assign(new EventTarget(), {
      src: '',
      width: 0,
      height: 0,
      naturalWidth: 0,
      naturalHeight: 0,
    }) as never;
  }

  override updateDynamicTexture(texture: InternalTexture | null): void {
    if (texture) texture.isReady = true;
  }
}
