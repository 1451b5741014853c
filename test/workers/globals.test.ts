import { LoadAssetContainerAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import { Logger } from '@babylonjs/core/Misc/logger.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { defineEnvironment } from '../../plugin/index.ts';
import { createBareScene } from '../../plugin/testing/bare-scene.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';
import { holdNodePlatform } from '../../workers/node-platform.ts';
import { rail } from '../fixtures/environments.ts';
import '@babylonjs/loaders/glTF/2.0/index.js';

/** All that a thread shares. By value: Node makes some of its globals when they are first read. */
function readGlobals(): Map<string, unknown> {
  const names = Object.getOwnPropertyNames(globalThis);
  const values = names.map((name) => [name, (globalThis as unknown as Record<string, unknown>)[name]] as const);
  return new Map<string, unknown>([...values, ['log levels', Logger.LogLevels]]);
}

const before = readGlobals();
const original = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = original;
});

describe('the globals of a thread that is not ours', () => {
  it('are as they were once a world is disposed, and once the last of several is', async () => {
    const one = await HeadlessWorld.create(rail, {});
    expect(Object.keys(globalThis)).toContain('XMLHttpRequest');
    const [two, three] = await Promise.all([HeadlessWorld.create(rail, {}), HeadlessWorld.create(rail, {})]);
    for (const world of [one, three, two]) world.dispose();
    expect(readGlobals()).toEqual(before);
  });

  it('are as they were when a world was not to be had', async () => {
    const build = () => Promise.reject(new Error('no'));
    await expect(HeadlessWorld.create(defineEnvironment({ name: 'none', build }), {})).rejects.toThrow('no');
    expect(readGlobals()).toEqual(before);
  });

  it('are as they were when two loads have overlapped', async () => {
    const wait = (ms: number) =>
      defineEnvironment({
        name: 'slow',
        async build(area) {
          await new Promise((resolve) => setTimeout(resolve, ms));
          return rail.build(area);
        },
      });
    const worlds = await Promise.all([5, 40, 20].map((ms) => HeadlessWorld.create(wait(ms), {})));
    for (const world of worlds) world.dispose();
    expect(readGlobals()).toEqual(before);
  });

  it('stay until a loader that is at work when a world is disposed has put itself away', async () => {
    const url = new URL('../fixtures/assets/textured.gltf', import.meta.url).href;
    const loading = defineEnvironment({
      name: 'loading',
      async build(area) {
        await LoadAssetContainerAsync(url, area.scene);
        return rail.build(area);
      },
    });
    const world = await HeadlessWorld.create(loading, {});
    world.dispose();
    expect(Object.keys(globalThis)).toContain('XMLHttpRequest');
    await vi.waitFor(() => expect(readGlobals()).toEqual(before));
  });

  it('are left alone by a bare scene', async () => {
    const scene = await createBareScene();
    scene.getEngine().dispose();
    expect(readGlobals()).toEqual(before);
  });

  it('stay what somebody else has made of them, and what was kept of ours does as theirs did', async () => {
    const release = holdNodePlatform();
    const kept = globalThis.fetch;
    const theirs = vi.fn(original);
    globalThis.fetch = theirs;
    release();
    expect(globalThis.fetch).toBe(theirs);
    await expect(kept('/model.glb')).rejects.toThrow(); // a file of `public` while it was ours
  });
});
