import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import type { RenderTargetWrapper } from '@babylonjs/core/Engines/renderTargetWrapper.js';
import type { InternalTexture } from '@babylonjs/core/Materials/Textures/internalTexture.js';
import type { RenderTargetCreationOptions } from '@babylonjs/core/Materials/Textures/textureCreationOptions.js';
import { messageOf } from '../plugin/core/errors.ts';
import { askerOf } from '../plugin/core/source-place.ts';
import { headlessTextures } from './headless-textures.ts';

/** An image that could not be decoded. */
export interface LostImage {
  readonly bytes: number;
  /** completes "the image x …" */
  readonly why: string;
  /** of the user's source that asked for it, if the stack shows it */
  readonly place: string | undefined;
}

async function describeFault(image: Blob, error: unknown): Promise<string> {
  if (/^\s*<(!doctype|html)/i.test(await image.slice(0, 64).text()))
    return 'is an HTML page; the server probably returned its 404 page. Put it where the page’s server has it';
  return messageOf(error)
    .replace(/[.]$/, '')
    .replace(/^The source image/, 'has a format that this browser cannot read: it');
}

/** Those that no world has at the moment. */
const kept: HeadlessEngine[] = [];

/**
 * An engine that draws nothing, that makes the same world as one that does, and whose render loop never runs, even where a scene's own code asks for one: time passes
 * in physics steps alone. Skyboxes and written textures count as ready at once, as Babylon has it for images: nothing is
 * fetched for them, and waiting for the scene to be ready never hangs.
 */
export class HeadlessEngine extends NullEngine {
  /** images whose pixels were wanted and could not be read, since somebody has taken them out */
  readonly lostImages: LostImage[] = [];
  /** images that are being decoded */
  decoding = 0;

  /** what scenes wanted to run in every frame of the engine, and never does */
  readonly loops = new Set<() => void>();

  #kept = false;

  constructor() {
    super();
    // Babylon's NullEngine has less than any browser. What a world is made of: thin instances, and with them their bodies;
    // images whose pixels are heights, which a worker reads without an HTML element.
    this.getCaps().instancedArrays = true;
    this._features.forceBitmapOverHTMLImageElement = typeof HTMLImageElement === 'undefined';
    this._features.supportCSM = true;
    Object.assign(this, headlessTextures(this));
  }

  /** One that games may hold on to, as in a constant of a module: dispose() ends its scenes, and another world may have it. */
  static take(): HeadlessEngine {
    const engine = kept.pop() ?? new HeadlessEngine();
    engine.#kept = true;
    return engine;
  }

  override dispose(): void {
    if (!this.#kept) return super.dispose();
    for (const scene of [...this.scenes]) scene.dispose();
    this.onDisposeObservable.notifyObservers(this);
    this.onDisposeObservable.clear();
    this.loops.clear();
    if (!kept.includes(this)) kept.push(this);
  }

  override runRenderLoop(loop: () => void): void {
    this.loops.add(loop);
  }

  /** NullEngine's own makes the texture, and keeps it to itself: that of Babylon 8, and for cubes that of Babylon 9. */
  override createRenderTargetTexture(
    ...args: Parameters<NullEngine['createRenderTargetTexture']>
  ): RenderTargetWrapper {
    return this.#withTexture(super.createRenderTargetTexture(...args));
  }

  override createRenderTargetCubeTexture(size: number, options?: RenderTargetCreationOptions): RenderTargetWrapper {
    return this.#withTexture(super.createRenderTargetCubeTexture(size, options));
  }

  #withTexture(target: RenderTargetWrapper): RenderTargetWrapper {
    if (!target.texture) target.setTextures(this.getLoadedTexturesCache().at(-1)!);
    return target;
  }

  override async createImageBitmap(image: ImageBitmapSource, options?: ImageBitmapOptions): Promise<ImageBitmap> {
    const asked = new Error();
    this.decoding++;
    try {
      return await super.createImageBitmap(image, options);
    } catch (error) {
      if (image instanceof Blob)
        this.lostImages.push({ bytes: image.size, why: await describeFault(image, error), place: askerOf(asked) });
      throw error;
    } finally {
      this.decoding--;
    }
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
