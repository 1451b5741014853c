import { expect, it } from 'vitest';
import { enablePhysics, loadHavok } from '../../plugin/scene/havok.ts';
import { createBareScene } from '../contract/bare-scene.ts';

it('loads Havok again after bytes that are no Havok', async () => {
  await expect(loadHavok(new ArrayBuffer(8))).rejects.toThrow();
  await expect(loadHavok(new ArrayBuffer(16))).rejects.toThrow();
  expect(await loadHavok()).toHaveProperty('HP_World_Create');
  const scene = await createBareScene();
  await enablePhysics(scene, { wasm: new ArrayBuffer(8) }); // it is there by now
  expect(scene.getPhysicsEngine()).not.toBeNull();
  scene.getEngine().dispose();
});
