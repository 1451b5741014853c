import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { Scene } from '@babylonjs/core/scene.js';
import HavokPhysics from '@babylonjs/havok';
import { afterEach, describe, expect, it } from 'vitest';
import { FunctionActuator } from '../../plugin/scene/actuators/function-actuator.ts';
import { Agent } from '../../plugin/scene/agent.ts';
import { type AreaContext, defineEnvironment, type EnvironmentSpec } from '../../plugin/scene/environment.ts';
import { FunctionSensor } from '../../plugin/scene/sensors/function-sensor.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

const worlds: HeadlessWorld[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.dispose();
});

async function open(environment: ReturnType<typeof define>, count = 1): Promise<HeadlessWorld> {
  const world = await HeadlessWorld.create(environment, { count, first: 3, seeds: [1] });
  worlds.push(world);
  return world;
}

/** A scene as a game makes it: its own Havok, which steps by the time that a frame takes, and a box that falls. */
async function createScene(engine: AbstractEngine): Promise<Scene> {
  const scene = new Scene(engine);
  scene.enablePhysics(new Vector3(0, -10, 0), new HavokPlugin(true, await HavokPhysics()));
  const box = CreateBox('box', { size: 1 }, scene);
  box.position.y = 5;
  new PhysicsAggregate(box, PhysicsShapeType.BOX, { mass: 1 }, scene).body.setLinearDamping(0);
  engine.runRenderLoop(() => scene.render());
  return scene;
}

function hang(area: AreaContext, name = 'box'): { reset(): void } {
  const box = area.find(name);
  const height = new FunctionSensor('height', 1, (out, offset) => {
    out[offset] = box.position.y;
  });
  const rest = new FunctionActuator({ name: 'rest', continuous: 1, apply: () => {} });
  box.addBehavior(new Agent({ sensors: [height], actuators: [rest] }));
  return { reset: () => {} };
}

const define = (changes: Partial<EnvironmentSpec> = {}) =>
  defineEnvironment({
    name: 'drop',
    timeStep: 0.1,
    decisionPeriod: 2,
    createScene,
    build: (area) => hang(area),
    ...changes,
  });

describe('an environment with createScene', () => {
  it('gets a scene and a world of its own for every area, all on one engine', async () => {
    const { clock } = await open(define(), 3);
    expect(clock.areas.map(({ index }) => index)).toEqual([3, 4, 5]);
    const scenes = clock.areas.map(({ scene }) => scene);
    expect(new Set(scenes).size).toBe(3);
    expect(new Set(scenes.map((scene) => scene.getEngine())).size).toBe(1);
    expect(new Set(scenes.map((scene) => scene.getPhysicsEngine())).size).toBe(3);
    expect(clock.policyRows[0].agents).toHaveLength(3);
  });

  it('steps every world by the environment’s time step, whatever the scene’s own', async () => {
    const world = await open(define(), 2);
    world.step(); // two steps of 0.1 s under −10 m/s²
    for (const { scene } of world.clock.areas) {
      const box = scene.getMeshByName('box')!;
      expect(box.physicsBody!.getLinearVelocity().y).toBeCloseTo(-2, 4);
      expect(box.position.y).toBeLessThan(4.8);
      expect(box.absolutePosition.y).toBe(box.position.y);
    }
  });

  it('lets the scene’s own logic run around every step, as in the game', async () => {
    const log: string[] = [];
    const world = await open(
      define({
        async createScene(engine) {
          const scene = await createScene(engine);
          const box = scene.getMeshByName('box')!;
          scene.onBeforePhysicsObservable.add(() => log.push(`before ${box.position.y.toFixed(1)}`));
          scene.onAfterPhysicsObservable.add(() => log.push(`after ${box.absolutePosition.y.toFixed(1)}`));
          return scene;
        },
        build: (area) => ({ ...hang(area), afterStep: () => log.push('reward') }),
      }),
    );
    world.step();
    expect(log).toEqual(['before 5.0', 'after 4.9', 'reward', 'before 4.9', 'after 4.8', 'reward']);
  });

  it('works without physics', async () => {
    const world = await open(
      define({
        createScene(engine) {
          const scene = new Scene(engine);
          new TransformNode('box', scene).position.y = 2;
          return scene;
        },
      }),
      2,
    );
    world.clock.observe();
    world.step();
    expect([...world.rows.observation]).toEqual([2, 2]);
    expect(world.physicsMs).toBe(0);
    expect(world.clock.areas[0].decisions).toBe(1);
  });

  it('runs no frames, even where the scene asks for them', async () => {
    const { clock } = await open(define());
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(clock.areas[0].scene.getFrameId()).toBe(0);
    expect(clock.areas[0].find('box').position.y).toBe(5);
  });

  it('disposes its scenes with the world', async () => {
    const { clock } = await open(define(), 2);
    worlds.pop()!.dispose();
    expect(clock.areas.map(({ scene }) => scene.isDisposed)).toEqual([true, true]);
  });
});

describe('an environment with createScene refuses', () => {
  const cases: readonly (readonly [string, Partial<EnvironmentSpec>, string])[] = [
    ['no scene', { createScene: () => undefined as never }, 'returned undefined. Return the scene.'],
    [
      'an engine of its own',
      { createScene: () => new Scene(new NullEngine()) },
      'made its scene with its own engine. Use the engine it is given, or set `browser: true`',
    ],
    [
      'page-only code, and says where to put it',
      { createScene: () => document.createElement('div') as never },
      'failed: document is not defined. Training runs without a page. Put page-only code into `if (engine.getRenderingCanvas()) { … }`',
    ],
    [
      'a load that fails',
      { createScene: () => Promise.reject(new Error('Unable to load from car.glb')) },
      'failed: Unable to load from car.glb. It runs in training as it does in the page, without a canvas.',
    ],
    [
      'to wait for ever for nothing',
      { createScene: () => new Promise<never>(() => {}), loadTimeout: 0.05 },
      'is not done after 0.05 s, and no file is being loaded. It may be awaiting a promise that never settles',
    ],
    [
      'to wait for ever for a file',
      {
        loadTimeout: 0.2,
        async createScene(engine) {
          await fetch(`http://127.0.0.1:${await listen()}/car.glb`);
          return new Scene(engine);
        },
      },
      '/car.glb. Check that it can be loaded, or allow more time with `loadTimeout`.',
    ],
  ];

  it.each(cases)('%s', async (_, changes, message) => {
    await expect(open(define(changes))).rejects.toThrow(message);
    await expect(open(define(changes))).rejects.toThrow('[agents] createScene() of environment "drop"');
  });

  it('one scene for two areas', async () => {
    let made: Promise<Scene> | undefined;
    const environment = define({ createScene: (engine) => (made ??= createScene(engine)) });
    await expect(open(environment, 2)).rejects.toThrow(
      'returned the scene of another area. Create a new one at every call',
    );
  });

  it('a node that is not there, and says which are', async () => {
    await expect(open(define({ build: (area) => hang(area, 'bxo') }))).rejects.toThrow(
      'Environment "drop" has no node "bxo". Its nodes are: area-3, box.',
    );
  });

  it('a build without an agent', async () => {
    await expect(open(define({ build: () => ({ reset: () => {} }) }))).rejects.toThrow(
      'built an area without an agent. Add an Agent behavior to a node of area.scene in build().',
    );
  });
});

/** A server that never answers. */
async function listen(): Promise<number> {
  const { createServer } = await import('node:http');
  const server = createServer(() => {});
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as { port: number }).port;
}
