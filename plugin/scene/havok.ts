import HavokPhysics, { type HavokPhysicsWithBindings } from '@babylonjs/havok';
import '@babylonjs/core/Physics/joinedPhysicsEngineComponent.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { loadOnce } from '../core/load-once.ts';

/**
 * Havok, loaded once per thread; a failed load is tried again by the next call. Where its WebAssembly file does not lie
 * beside the script, hand over its bytes or its address; in Node it is read from the installed package.
 */
export const loadHavok: (wasm?: ArrayBuffer | string) => Promise<HavokPhysicsWithBindings> = loadOnce(
  (wasm?: ArrayBuffer | string) => startHavok(wasm ?? readInstalledWasm()),
);

function startHavok(wasm: ArrayBuffer | string | undefined): Promise<HavokPhysicsWithBindings> {
  if (typeof wasm === 'string') return HavokPhysics({ locateFile: () => wasm });
  return HavokPhysics(wasm ? { wasmBinary: wasm } : {});
}

/** Loads Havok and gives `scene` a world of it with `gravity` [m/s²] along y. */
export async function enablePhysics(
  scene: Scene,
  { gravity = -9.81, wasm }: { readonly gravity?: number; readonly wasm?: ArrayBuffer | string } = {},
): Promise<void> {
  scene.enablePhysics(new Vector3(0, gravity, 0), new HavokPlugin(false, await loadHavok(wasm)));
}

/** The file's bytes in Node, whose fetch() reads no files; undefined in a browser, where Havok fetches it. */
function readInstalledWasm(): ArrayBuffer | undefined {
  if (typeof process === 'undefined' || !process.getBuiltinModule) return undefined;
  const { createRequire } = process.getBuiltinModule('node:module');
  const { readFileSync } = process.getBuiltinModule('node:fs');
  return readFileSync(createRequire(import.meta.url).resolve('@babylonjs/havok/lib/esm/HavokPhysics.wasm'))
    .buffer as ArrayBuffer;
}
