import type { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { InternalTexture, InternalTextureSource } from '@babylonjs/core/Materials/Textures/internalTexture.js';
import { SphericalPolynomial } from '@babylonjs/core/Maths/sphericalPolynomial.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { addLoss } from './losses.ts';

type Loaded = ((texture: InternalTexture) => void) | null;

/**
 * What Babylon's NullEngine lacks: textures of many faces and layers, which it would make with WebGL, and pixels to read back. Skyboxes and environments are
 * black, are not fetched, and count as loaded; a texture has the pixels that code has written into it. To be put on an engine itself, because
 * Babylon puts its own on a prototype when their extension is first used.
 */
export function headlessTextures(engine: NullEngine) {
  const make = (source: InternalTextureSource, width: number, height = width): InternalTexture => {
    const texture = new InternalTexture(engine, source, true);
    Object.assign(texture, { baseWidth: width, baseHeight: height, width, height, isReady: true });
    engine.getLoadedTexturesCache().push(texture);
    return texture;
  };
  const makeCube = (source: InternalTextureSource, size: number, url = '', onLoad: Loaded = null): InternalTexture => {
    const texture = make(source, size);
    const dark = {
      isCube: true,
      url,
      _sphericalPolynomial: new SphericalPolynomial(),
      _sphericalPolynomialComputed: true,
    };
    Object.assign(texture, dark);
    setTimeout(() => {
      texture.onLoadedObservable.notifyObservers(texture);
      texture.onLoadedObservable.clear();
      onLoad?.(texture);
    });
    return texture;
  };
  const createCube = (url: string, _scene: Scene | null, _files: unknown, _mipmaps: unknown, onLoad?: Loaded) =>
    makeCube(InternalTextureSource.Cube, SIZE, url, onLoad);
  const createLayers = (data: unknown, width: number, height: number, depth: number) => {
    const texture = make(InternalTextureSource.Raw3D, width, height);
    return Object.assign(texture, { baseDepth: depth, depth, _bufferView: data });
  };
  return {
    createCubeTexture: createCube,
    createPrefilteredCubeTexture: createCube,
    createRawCubeTexture: (_data: unknown, size: number) => makeCube(InternalTextureSource.CubeRaw, size),
    createRawCubeTextureFromUrl: (url: string, _scene: Scene | null, size: number, ...rest: unknown[]) =>
      makeCube(InternalTextureSource.CubeRaw, size, url, rest[5] as Loaded),
    updateRawCubeTexture() {},
    createRawTexture3D: createLayers,
    createRawTexture2DArray: createLayers,
    updateRawTexture3D() {},
    updateRawTexture2DArray() {},
    _createDepthStencilTexture: (size: number | { readonly width: number; readonly height: number }) =>
      typeof size === 'number'
        ? make(InternalTextureSource.DepthStencil, size)
        : make(InternalTextureSource.DepthStencil, size.width, size.height),
    updateTextureWrappingMode() {},
    readPixels: async (_x: number, _y: number, width: number, height: number) =>
      readNothing('The screen', width, height),
    _readTexturePixels: async (texture: InternalTexture, width: number, height: number) => read(texture, width, height),
    _readTexturePixelsSync: read,
  };
}

/** Of a cube that is not there; Babylon's own of NullEngine's images */
const SIZE = 512;

function read(texture: InternalTexture, width: number, height: number): ArrayBufferView {
  const written = texture._bufferView;
  if (written && !texture.invertY && 'length' in written && written.length === 4 * width * height)
    return (written as Uint8Array).slice();
  if (texture.isCube) return new Uint8Array(4 * width * height); // light, by which nothing moves
  return readNothing(texture.url ? `Texture "${texture.url}"` : 'A texture', width, height);
}

function readNothing(what: string, width: number, height: number): Uint8Array {
  addLoss(
    `${what} was asked for its pixels, but training draws nothing: it is black there. If the task depends on them, load the image itself, as CreateGroundFromHeightMap does, or compute them.`,
  );
  return new Uint8Array(4 * width * height);
}
