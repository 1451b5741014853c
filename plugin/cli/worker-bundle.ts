import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Loader, OnLoadResult, Plugin } from 'esbuild';

/** Files that `import address from './car.glb'` gives the URL of, besides all imports with `?url`. */
const ASSETS =
  /\.(glb|gltf|bin|babylon|obj|stl|mtl|env|dds|hdr|ktx2?|basis|png|jpe?g|webp|gif|svg|mp3|ogg|wav|wasm|safetensors)$/i;

const LOADERS: Readonly<Record<string, Loader>> = { ts: 'ts', tsx: 'tsx', mts: 'ts', cts: 'ts', jsx: 'jsx' };

/**
 * Lets a module in a bundle elsewhere find its files: `import.meta.url` stays that of the module's own file, and an
 * imported asset is the URL of its file, as with Vite.
 */
export const keepAddresses: Plugin = {
  name: 'keep-addresses',
  setup(build) {
    build.onResolve({ filter: /\?url$/ }, async ({ path, ...from }) => {
      const { path: file, errors } = await build.resolve(path.replace(/\?url$/, ''), {
        ...from,
        pluginData: RESOLVING,
      });
      return errors.length > 0 ? { errors } : { path: file, namespace: ADDRESS };
    });
    build.onResolve({ filter: ASSETS }, async ({ path, pluginData, ...from }) => {
      if (pluginData === RESOLVING || from.kind === 'entry-point') return undefined;
      const { path: file, errors } = await build.resolve(path, { ...from, pluginData: RESOLVING });
      return errors.length > 0 ? { errors } : { path: file, namespace: ADDRESS };
    });
    build.onLoad({ filter: /.*/, namespace: ADDRESS }, ({ path }) => ({
      contents: `export default ${JSON.stringify(pathToFileURL(path).href)};`,
    }));
    build.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: 'file' }, ({ path }) =>
      mayAsk(path) ? loadModule(path) : undefined,
    );
  },
};

/**
 * Gives all scenes of a thread one Havok, however often their createScene() asks for a new one: 32 scenes that share it
 * take half the memory and two thirds of the time.
 */
export const shareHavok: Plugin = {
  name: 'share-havok',
  setup(build) {
    build.onResolve({ filter: /^@babylonjs\/havok$/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === RESOLVING) return undefined;
      const { path: file, errors } = await build.resolve(path, { ...from, pluginData: RESOLVING });
      return errors.length > 0 ? { errors } : { path: file, namespace: SHARED };
    });
    build.onLoad({ filter: /.*/, namespace: SHARED }, ({ path }) => ({
      contents: `import HavokPhysics from ${JSON.stringify(path)};
let shared;
const forget = () => { shared = undefined; };
const share = () => { (shared = HavokPhysics()).catch(forget); return shared; };
export default (options) => (options ? HavokPhysics(options) : (shared ?? share()));`,
      resolveDir: dirname(path),
    }));
  },
};

const SHARED = 'shared-havok';
const ADDRESS = 'address-of-file';
/** marks the plugin's own lookups, which it must not answer itself */
const RESOLVING = { resolving: true };

/** Babylon's thousands of files need no second look; a package with files of its own, such as Havok, does. */
function mayAsk(path: string): boolean {
  return !/node_modules[\\/](@babylonjs[\\/](core|loaders|gui|materials|serializers)|@tensorflow)[\\/]/.test(path);
}

/** The module with its location filled in; undefined if it does not use it. */
async function loadModule(path: string): Promise<OnLoadResult | undefined> {
  const code = await readFile(path, 'utf8');
  if (!/\bimport\.meta\.(url|dirname|filename)\b/.test(code)) return undefined;
  const place = { url: pathToFileURL(path).href, dirname: dirname(path), filename: path };
  return {
    // A name, which does no harm inside a string; on the first line, so that line numbers stay.
    contents: `const importMetaOfFile = ${JSON.stringify(place)};${code
      .replace(/^#!.*/, '')
      .replace(/\bimport\.meta\.(?=(url|dirname|filename)\b)/g, 'importMetaOfFile.')}`,
    loader: LOADERS[path.split('.').pop() as string] ?? 'js',
    resolveDir: dirname(path),
  };
}
