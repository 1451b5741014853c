import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { AppendSceneAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { CubeTexture } from '@babylonjs/core/Materials/Textures/cubeTexture.js';
import { DynamicTexture } from '@babylonjs/core/Materials/Textures/dynamicTexture.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { Scene } from '@babylonjs/core/scene.js';
import { AdvancedDynamicTexture } from '@babylonjs/gui/2D/advancedDynamicTexture.js';
import { TextBlock } from '@babylonjs/gui/2D/controls/textBlock.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HeadlessEngine } from '../../workers/headless-engine.ts';
import { holdNodePlatform } from '../../workers/node-platform.ts';
import '@babylonjs/loaders/glTF/2.0/index.js';

holdNodePlatform();

const ASSETS = new URL('../fixtures/assets/', import.meta.url).href;

let scene: Scene;
beforeEach(() => {
  scene = new Scene(new HeadlessEngine());
});
afterEach(() => scene.getEngine().dispose());

describe('in Node, a scene', () => {
  it('loads .glb, and .gltf with its .bin and its textures, which count as ready', async () => {
    await AppendSceneAsync(`${ASSETS}cube.glb`, scene);
    await AppendSceneAsync(`${ASSETS}textured.gltf`, scene);
    expect(scene.meshes.map(({ name }) => name)).toEqual(['__root__', 'cube', '__root__', 'textured']);
    expect(scene.textures.map((texture) => texture.isReady())).not.toContain(false);
    expect(scene.getMaterialByName('gray')!.getActiveTextures()).toHaveLength(0); // that of the .glb, which has none
    expect(scene.getMeshByName('textured')!.material!.getActiveTextures().length).toBeGreaterThan(0);
    expect(scene.getWaitingItemsCount()).toBe(0);
  });

  it('says which file is missing', async () => {
    await expect(AppendSceneAsync(`${ASSETS}car.glb`, scene)).rejects.toThrow(
      /Unable to load from file:.*car\.glb.*no such file/,
    );
  });

  it('does not hang on a compressed file, whose decoder comes from the net', { timeout: 30_000 }, async () => {
    await expect(AppendSceneAsync(`${ASSETS}draco.gltf`, scene)).rejects.toThrow(/Unable to load from .*draco\.gltf/);
  });

  it('is ready at once, with labels, a skybox and an environment that nobody sees', async () => {
    new FreeCamera('camera', Vector3.Zero(), scene);
    const label = new DynamicTexture('label', 64, scene);
    label.drawText('3 : 1', 0, 20, '12px sans-serif', 'white', 'black');
    const material = new StandardMaterial('sign', scene);
    material.diffuseTexture = label;
    material.reflectionTexture = new CubeTexture('https://example.com/sky', scene);
    CreateBox('sign', {}, scene).material = material;
    scene.environmentTexture = CubeTexture.CreateFromPrefilteredData('https://example.com/day.env', scene);
    const gui = AdvancedDynamicTexture.CreateFullscreenUI('hud', true, scene);
    gui.addControl(new TextBlock('score', '3 : 1'));
    await scene.whenReadyAsync();
    expect(scene.textures.map((texture) => texture.isReady())).not.toContain(false);
  });
});

describe('in Node, fetch() and XMLHttpRequest', () => {
  it('read files of the disk, as what they are', async () => {
    const answer = await fetch(`${ASSETS}cube.glb?v=2#top`);
    expect([answer.ok, answer.headers.get('content-type')]).toEqual([true, 'model/gltf-binary']);
    expect(new TextDecoder().decode((await answer.arrayBuffer()).slice(0, 4))).toBe('glTF');
    expect((await fetch(`${ASSETS}car.glb`)).status).toBe(404);
  });

  it('look for addresses without a server in the project’s public folder, and then beside its page', async () => {
    const project = mkdtempSync(join(tmpdir(), 'agents-'));
    mkdirSync(join(project, 'public', 'models'), { recursive: true });
    writeFileSync(join(project, 'public', 'models', 'name.json'), '{"name":"yard"}');
    writeFileSync(join(project, 'hills.json'), '[3]');
    const before = process.cwd;
    process.cwd = () => project;
    try {
      expect(await (await fetch('/models/name.json')).json()).toEqual({ name: 'yard' });
      expect(await (await fetch('hills.json?v=2')).json()).toEqual([3]);
      expect((await fetch('/models/hills.json')).status).toBe(404);
      expect(await request('models/name.json', 'json')).toMatchObject({ status: 200, response: { name: 'yard' } });
    } finally {
      process.cwd = before;
    }
  });

  it('answer with text, bytes or nothing, and tell when they are done', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'agents-')), 'note.txt');
    writeFileSync(file, 'grüezi');
    const { href } = pathToFileURL(file);
    expect(await request(href)).toMatchObject({ status: 200, readyState: 4, responseText: 'grüezi' });
    expect(await request(href, 'arraybuffer')).toMatchObject({ response: expect.any(ArrayBuffer) });
    expect(await request(`${href}x`)).toMatchObject({
      status: 404,
      statusText: expect.stringContaining('no such file'),
    });
    expect(await request('http://127.0.0.1:1/')).toMatchObject({ status: 0, statusText: 'fetch failed' });
  });
});

function request(address: string, type: XMLHttpRequestResponseType = ''): Promise<XMLHttpRequest> {
  return new Promise((resolve) => {
    const asked = new XMLHttpRequest();
    asked.open('GET', address);
    asked.responseType = type;
    asked.addEventListener('loadend', () => resolve(asked));
    asked.send();
  });
}
