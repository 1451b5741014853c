import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { Scene } from '@babylonjs/core/scene.js';
import { expect, it } from 'vitest';
import { enablePhysics, loadHavok } from '../../plugin/scene/havok.ts';
import { createBareScene } from '../../plugin/testing/bare-scene.ts';

it('loads Havok again after bytes that are no Havok', async () => {
  await expect(loadHavok(new ArrayBuffer(8))).rejects.toThrow();
  await expect(loadHavok(new ArrayBuffer(16))).rejects.toThrow();
  expect(await loadHavok()).toHaveProperty('HP_World_Create');
  const scene = await createBareScene();
  await enablePhysics(scene, { wasm: new ArrayBuffer(8) }); // it is there by now
  expect(scene.getPhysicsEngine()).not.toBeNull();
  scene.getEngine().dispose();
});

it.each([
  [{ gravitiy: -3 }, 'has no option "gravitiy". Did you mean "gravity"?'],
  [{ gravity: Number.NaN }, 'has gravity NaN. It must be a finite number of m/s² along y, such as -9.81.'],
  [new Vector3(0, -3, 0), 'was given an instance of Vector3 as its options.'],
  [{ wasm: 3 }, 'has wasm 3. It must be the address of HavokPhysics.wasm, or its bytes.'],
])('enables no physics with %o', async (options, message) => {
  const scene = new Scene(new NullEngine());
  await expect(enablePhysics(scene, options as never)).rejects.toThrow(`[agents] enablePhysics() ${message}`);
  expect(scene.getPhysicsEngine?.() ?? null).toBeNull();
  scene.getEngine().dispose();
});
