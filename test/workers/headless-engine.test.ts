import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { Matrix } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { CreateGround, CreateGroundFromHeightMap } from '@babylonjs/core/Meshes/Builders/groundBuilder.js';
import '@babylonjs/core/Meshes/thinInstanceMesh.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { Scene } from '@babylonjs/core/scene.js';
import { afterEach, describe, expect, it } from 'vitest';
import { ForceActuator } from '../../plugin/scene/actuators/force-actuator.ts';
import { Agent } from '../../plugin/scene/agent.ts';
import { defineEnvironment } from '../../plugin/scene/environment.ts';
import { enablePhysics } from '../../plugin/scene/havok.ts';
import { RaySensor } from '../../plugin/scene/sensors/ray-sensor.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';
import { encodePng } from './png.ts';

const worlds: HeadlessWorld[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.dispose();
});

/** A car at the origin that looks 10 m ahead and behind, in a scene that `furnish` makes around it. */
function drive(furnish: (scene: Scene) => void) {
  return defineEnvironment({
    name: 'drive',
    loadTimeout: 5,
    async createScene(engine: AbstractEngine) {
      const scene = new Scene(engine);
      await enablePhysics(scene);
      const car = CreateBox('car', {}, scene);
      new PhysicsAggregate(car, PhysicsShapeType.BOX, { mass: 1 }, scene);
      furnish(scene);
      return scene;
    },
    build(area) {
      const rays = new RaySensor({
        tags: ['wall'],
        raysPerDirection: 1,
        maxAngle: Math.PI,
        length: 10,
        sphereRadius: 0,
      });
      area.find('car').addBehavior(new Agent({ sensors: [rays], actuators: [new ForceActuator({ maxForce: 1 })] }));
      return { reset: () => {} };
    },
  });
}

async function open(environment: ReturnType<typeof drive>): Promise<HeadlessWorld> {
  const world = await HeadlessWorld.create(environment, {});
  worlds.push(world);
  world.clock.observe();
  return world;
}

/** A height map of 2 × 2 pixels: 0, 51, 102 and 255 of 255. */
const HEIGHTS = `data:image/png;base64,${Buffer.from(
  encodePng(
    [
      [0, 51],
      [102, 255],
    ],
    { width: 2, height: 2 },
  ),
).toString('base64')}`;

describe('a world in training', () => {
  it('has the thin instances of a mesh, and a body for each', async () => {
    const world = await open(
      drive((scene) => {
        const walls = CreateBox('walls', { width: 8, height: 4, depth: 1 }, scene);
        walls.thinInstanceAdd([Matrix.Translation(0, 0, 5.5), Matrix.Translation(0, 0, -7.5)]);
        Tags.AddTagsTo(walls, 'wall');
        new PhysicsAggregate(walls, PhysicsShapeType.BOX, { mass: 0 }, scene);
      }),
    );
    const [{ scene }] = world.clock.areas;
    expect(scene.getMeshByName('walls')!.physicsBody!.numInstances).toBe(2);
    const floats = [...world.rows.observation].map((value) => Math.round(value * 100) / 100);
    expect(floats).toEqual([1, 0, 0.5, 1, 0, 0.7, 1, 0, 0.7]); // a wall 5 m ahead, one 7 m behind, nothing missed
  });

  it('refuses bodies of thin instances in areas that are not where Babylon puts them', async () => {
    const environment = defineEnvironment({
      name: 'maze',
      build({ root, scene }) {
        const walls = CreateBox('walls', {}, scene);
        walls.parent = root;
        walls.thinInstanceAdd([Matrix.Translation(0, 0, 5.5), Matrix.Translation(0, 0, -7.5)]);
        new PhysicsAggregate(walls, PhysicsShapeType.BOX, { mass: 0 }, scene);
        const car = CreateBox('car', {}, scene);
        car.parent = root;
        new PhysicsAggregate(car, PhysicsShapeType.BOX, { mass: 1 }, scene);
        const sensors = [new RaySensor({ tags: [] })];
        car.addBehavior(new Agent({ sensors, actuators: [new ForceActuator({ maxForce: 1 })] }));
        return { reset: () => {} };
      },
    });
    worlds.push(await HeadlessWorld.create(environment, { count: 1 }));
    await expect(HeadlessWorld.create(environment, { count: 2 })).rejects.toThrow(
      '[agents] Environment "maze" gave the thin instances of "walls" bodies below area.root, and Babylon puts these where they would be if the area were at the origin. Give each a mesh of its own, as mesh.createInstance() does, or build the scene in createScene.',
    );
  });

  it('has the hills of a height map before the first decision, though nobody waits for the image', async () => {
    const heights: number[] = [];
    const world = await open(
      drive((scene) => {
        const options = { width: 4, height: 4, subdivisions: 1, maxHeight: 10 };
        CreateGroundFromHeightMap(
          'ground',
          HEIGHTS,
          {
            ...options,
            onReady(ground) {
              const positions = ground.getVerticesData('position')!;
              for (let i = 1; i < positions.length; i += 3) heights.push(positions[i]);
              new PhysicsAggregate(ground, PhysicsShapeType.MESH, { mass: 0 }, scene);
            },
          },
          scene,
        );
      }),
    );
    expect(heights.map((height) => Math.round(height * 100) / 100)).toEqual([0, 2, 4, 10]);
    expect(world.clock.areas[0].scene.getMeshByName('ground')!.physicsBody).toBeTruthy();
    expect(world.notices.take()).toEqual([]);
  });

  it('has the shape of a mesh that an image displaces', async () => {
    const heights = await new Promise<number[]>((resolve) => {
      const environment = drive((scene) => {
        const ground = CreateGround('ground', { width: 4, height: 4, subdivisions: 1, updatable: true }, scene);
        ground.applyDisplacementMap(HEIGHTS, 0, 10, (mesh) => {
          resolve([1, 4, 7, 10].map((i) => mesh.getVerticesData('position')![i]));
        });
      });
      void open(environment);
    });
    expect(new Set(heights.map((height) => Math.round(10 * height) / 10))).toEqual(new Set([0, 2, 4, 10]));
  });
});
