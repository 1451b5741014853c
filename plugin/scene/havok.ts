import HavokPhysics, { type HavokPhysicsWithBindings } from '@babylonjs/havok';
import '@babylonjs/core/Physics/joinedPhysicsEngineComponent.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { loadOnce } from '../core/load-once.ts';
import { aFinite, type OptionRules, optional, requireOptions } from '../core/options.ts';
import { requireScene } from './require-scene.ts';

/**
 * Havok, loaded once per thread; after a failed load the next call tries again. If its WebAssembly file is not beside
 * the script, pass its bytes or its address; in Node it is read from the installed package.
 */
export const loadHavok: (wasm?: ArrayBuffer | string) => Promise<HavokPhysicsWithBindings> = loadOnce(
  (wasm?: ArrayBuffer | string) => startHavok(wasm ?? readInstalledWasm()),
);

function startHavok(wasm: ArrayBuffer | string | undefined): Promise<HavokPhysicsWithBindings> {
  if (typeof wasm === 'string') return HavokPhysics({ locateFile: () => wasm });
  return HavokPhysics(wasm ? { wasmBinary: wasm } : {});
}

/** Options of {@link enablePhysics}. */
export interface PhysicsOptions {
  /** m/s² along y; −9.81 by default */
  readonly gravity?: number;
  /** Havok's WebAssembly file: its bytes or its address */
  readonly wasm?: ArrayBuffer | string;
}

/** Loads Havok and enables physics in `scene`, with `gravity` [m/s²] along y. */
export async function enablePhysics(scene: Scene, options: PhysicsOptions = {}): Promise<void> {
  requireScene(scene, 'enablePhysics(scene, options)');
  const { gravity = -9.81, wasm } = requireOptions('enablePhysics()', options, RULES);
  scene.enablePhysics(new Vector3(0, gravity, 0), new HavokPlugin(false, await loadHavok(wasm)));
}

const RULES: OptionRules<PhysicsOptions> = {
  gravity: optional((value) => aFinite(value) && 'a finite number of m/s² along y, such as -9.81'),
  wasm: optional((value) =>
    typeof value === 'string' || value instanceof ArrayBuffer || ArrayBuffer.isView(value)
      ? undefined
      : 'the address of HavokPhysics.wasm, or its bytes',
  ),
};

/** The file's bytes in Node, whose fetch() reads no files; undefined in a browser, where Havok fetches it. */
function readInstalledWasm(): ArrayBuffer | undefined {
  if (typeof process === 'undefined' || !process.getBuiltinModule) return undefined;
  const { createRequire } = process.getBuiltinModule('node:module');
  const { readFileSync } = process.getBuiltinModule('node:fs');
  return readFileSync(createRequire(import.meta.url).resolve('@babylonjs/havok/lib/esm/HavokPhysics.wasm'))
    .buffer as ArrayBuffer;
}
