import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { SceneLoader } from '@babylonjs/core/Loading/sceneLoader.js';
import { AssetsManager } from '@babylonjs/core/Misc/assetsManager.js';
import '@babylonjs/core/Materials/standardMaterial.js';
import { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { CreateGround, CreateGroundFromHeightMap } from '@babylonjs/core/Meshes/Builders/groundBuilder.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { Scene } from '@babylonjs/core/scene.js';
import '@babylonjs/loaders/glTF/2.0/index.js';
import { afterEach, describe, expect, it } from 'vitest';
import { ForceActuator } from '../../plugin/scene/actuators/force-actuator.ts';
import { Agent } from '../../plugin/scene/agent.ts';
import { defineEnvironment } from '../../plugin/scene/environment.ts';
import { enablePhysics } from '../../plugin/scene/havok.ts';
import { BodySensor } from '../../plugin/scene/sensors/body-sensor.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

const ASSETS = new URL('../fixtures/assets/', import.meta.url).href;
const GIF = `data:image/gif;base64,${Buffer.from('GIF89a').toString('base64')}`;

const worlds: HeadlessWorld[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.dispose();
});

/** A world with a box, in a scene that `furnish` begins to furnish, and nobody waits for it. */
async function open(furnish: (scene: Scene) => void): Promise<Scene> {
  const environment = defineEnvironment({
    name: 'drop',
    loadTimeout: 20,
    async createScene(engine: AbstractEngine) {
      const scene = new Scene(engine);
      await enablePhysics(scene);
      new FreeCamera('camera', Vector3.Zero(), scene);
      new PhysicsAggregate(CreateBox('box', {}, scene), PhysicsShapeType.BOX, { mass: 1 }, scene);
      furnish(scene);
      return scene;
    },
    build(area) {
      const sensors = [new BodySensor({ linearVelocity: true })];
      area.find('box').addBehavior(new Agent({ sensors, actuators: [new ForceActuator({ maxForce: 1 })] }));
      return { reset: () => {} };
    },
  });
  worlds.push(await HeadlessWorld.create(environment, {}));
  return worlds[0].clock.areas[0].scene;
}

describe('a scene whose function has returned is waited for until', () => {
  const nodes = (scene: Scene) => scene.meshes.map(({ name }) => name);

  it.each<[string, (scene: Scene) => void]>([
    [
      'the tasks of an AssetsManager are done',
      (scene) => {
        const manager = new AssetsManager(scene);
        manager.useDefaultLoadingScreen = false;
        manager.addTextFileTask('text', `${ASSETS}textured.gltf`).onSuccess = () => CreateBox('late', {}, scene);
        manager.load();
      },
    ],
    [
      'a file is there',
      (scene) => SceneLoader.ImportMesh('', ASSETS, 'cube.glb', scene, () => CreateBox('late', {}, scene)),
    ],
    ['it is ready', (scene) => scene.executeWhenReady(() => CreateBox('late', {}, scene))],
    [
      'what it fetches is there, and what that asks for',
      (scene) =>
        fetch(`${ASSETS}textured.gltf`)
          .then((answer) => answer.json())
          .then(() => fetch(`${ASSETS}cube.glb`))
          .then(() => CreateBox('late', {}, scene)),
    ],
    [
      'an image has displaced a mesh',
      (scene) => {
        const ground = CreateGround('ground', { updatable: true }, scene);
        ground.applyDisplacementMap(`${ASSETS}slope.jpg`, 0, 1, () => CreateBox('late', {}, scene));
      },
    ],
  ])('%s', async (_, furnish) => {
    expect(nodes(await open(furnish))).toContain('late');
    expect(worlds[0].notices.take()).toEqual([]);
  });

  it('its patience ends, and a warning names what is not ready', { timeout: 30_000 }, async () => {
    await open((scene) => {
      const rock = CreateBox('rock', {}, scene);
      rock.material = new ShaderMaterial('lava', scene, 'lava');
      rock.material.isReadyForSubMesh = () => false;
      scene.executeWhenReady(() => {});
    });
    expect(worlds[0].notices.take()).toContain(
      'createScene() of environment "drop" waits for its scene to be ready, as with executeWhenReady(), but after 10 s it is not, so that code has not run. Not ready: "rock".',
    );
  });
});

describe('a scene that lacks an image is refused', () => {
  it('with its address, what it was for and who asked for it', async () => {
    const scene = open((scene) => void CreateGroundFromHeightMap('hills', `${ASSETS}hills.png`, {}, scene));
    await expect(scene).rejects.toThrow(
      /^\[agents\] createScene\(\) of environment "drop" asked for the image "file:.*\/hills\.png", which answered 404 ENOENT.*\. Ground "hills" has no vertices without it\. Put it where the page’s server has it; .* See test\/workers\/loading\.test\.ts:\d+:\d+\.$/,
    );
  });

  it('by any way to displace a mesh', async () => {
    const scene = open((scene) => {
      CreateGround('ground', { updatable: true }, scene).applyDisplacementMap('/nowhere/hills.jpg', 0, 1);
    });
    await expect(scene).rejects.toThrow('asked for the image "/nowhere/hills.jpg", which answered 404');
  });

  it('when it is there and cannot be read', async () => {
    const scene = open((scene) => void CreateGroundFromHeightMap('hills', GIF, {}, scene));
    await expect(scene).rejects.toThrow(
      /^\[agents\] The image "of 6 bytes" that createScene\(\) of environment "drop" asked for is of type GIF, and Node decodes PNG and JPEG\. Save it as one of these, or train in the page\. Ground "hills" has no vertices without it\. See test\/workers\/loading\.test\.ts:\d+:\d+\.$/,
    );
  });

  it('when another file is in its place', async () => {
    const scene = open((scene) => void CreateGroundFromHeightMap('hills', `${ASSETS}cube.glb`, {}, scene));
    await expect(scene).rejects.toThrow(/The image "file:.*cube\.glb" that .* is of no known type/);
  });
});

it('of another file that did not come, a warning has address and place', async () => {
  await open(() => void fetch('/levels/3.json'));
  expect(worlds[0].notices.take()).toEqual([
    expect.stringMatching(
      /^createScene\(\) of environment "drop" asked for "\/levels\/3\.json", which answered 404 .*: what it brings to the game is missing in training\. See test\/workers\/loading\.test\.ts:\d+:\d+\.$/,
    ),
  ]);
});
