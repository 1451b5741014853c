import { ActionManager } from '@babylonjs/core/Actions/actionManager.js';
import { ExecuteCodeAction } from '@babylonjs/core/Actions/directActions.js';
import { Animation } from '@babylonjs/core/Animations/animation.js';
import '@babylonjs/core/Animations/animatable.js';
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { Scene } from '@babylonjs/core/scene.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parsePolicy, writePolicy } from '../../plugin/policy/policy-file.ts';
import { FunctionActuator } from '../../plugin/scene/actuators/function-actuator.ts';
import { Agent } from '../../plugin/scene/agent.ts';
import { type AreaContext, defineEnvironment, type EnvironmentSpec } from '../../plugin/scene/environment.ts';
import { enablePhysics } from '../../plugin/scene/havok.ts';
import { play } from '../../plugin/scene/play.ts';
import { playPolicy } from '../../plugin/scene/play-policy.ts';
import { FunctionSensor } from '../../plugin/scene/sensors/function-sensor.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';
import { createPolicy, createSpec } from '../policy/fixtures.ts';

const opened: { dispose(): void }[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.dispose();
});

/** A scene that writes down what its frames tell it. */
async function createScene(engine: AbstractEngine, log: string[] = []): Promise<Scene> {
  const scene = new Scene(engine);
  await enablePhysics(scene);
  new FreeCamera('camera', Vector3.Zero(), scene);
  const box = CreateBox('box', { size: 1 }, scene);
  new PhysicsAggregate(box, PhysicsShapeType.BOX, { mass: 1 }, scene).body.setLinearDamping(0);
  const lift = CreateBox('lift', { size: 1 }, scene);
  Animation.CreateAndStartAnimation('rise', lift, 'position.y', 10, 10, 0, 10); // 1 m a frame of 0.1 s
  const note = (what: string) => () =>
    log.push(
      `${what} ${scene.getFrameId()}: ${scene.deltaTime} ${engine.getDeltaTime()} ${scene.getAnimationRatio()} ${lift.position.y.toFixed(2)}`,
    );
  scene.onBeforeAnimationsObservable.add(note('before animations'));
  scene.actionManager = new ActionManager(scene);
  scene.actionManager.registerAction(new ExecuteCodeAction(ActionManager.OnEveryFrameTrigger, note('every frame')));
  scene.onAfterAnimationsObservable.add(note('after animations'));
  scene.onBeforePhysicsObservable.add(note('before physics'));
  scene.onAfterPhysicsObservable.add(note('after physics'));
  scene.registerBeforeRender(note('before render'));
  scene.registerAfterRender(note('after render'));
  return scene;
}

function build(area: AreaContext): { reset(): void } {
  const box = area.find('box');
  const height = new FunctionSensor('height', 1, (out, offset) => {
    out[offset] = box.position.y;
  });
  box.addBehavior(
    new Agent({ sensors: [height], actuators: [new FunctionActuator({ name: 'rest', continuous: 1, apply() {} })] }),
  );
  return { reset() {} };
}

const define = (changes: Partial<EnvironmentSpec> = {}) =>
  defineEnvironment({ name: 'lift', timeStep: 0.1, decisionPeriod: 2, frames: 1, createScene, build, ...changes });

async function open(environment: ReturnType<typeof define>, count = 1): Promise<HeadlessWorld> {
  const world = await HeadlessWorld.create(environment, { count, seeds: [1] });
  opened.push(world);
  return world;
}

/** What the scene heard in so many decisions of training. */
async function train(decisions: number, changes: Partial<EnvironmentSpec> = {}): Promise<string[]> {
  const log: string[] = [];
  const world = await open(define({ createScene: (engine) => createScene(engine, log), ...changes }));
  world.restart();
  for (let i = 0; i < decisions; i++) world.step();
  return log;
}

interface Shown {
  readonly scene: Scene;
  readonly log: string[];
}

/** A scene on a display that takes such frames [s]. */
async function show(seconds: number): Promise<Shown> {
  const log: string[] = [];
  const engine = new NullEngine();
  opened.push(engine);
  engine.getDeltaTime = () => 1000 * seconds;
  return { scene: await createScene(engine, log), log };
}

const nobody = { act() {} };

/** The parts of one frame of 0.1 s with `steps` steps, where the lift is then. */
const frame = (number: number, height: string, steps = 1) => {
  const ms = 100 * steps;
  const here = `${number}: ${ms} ${ms} ${6 * steps}`;
  const before = Math.max(0, Number(height) - steps).toFixed(2);
  return [
    `before animations ${here} ${before}`,
    `every frame ${here} ${before}`,
    `after animations ${here} ${height}`,
    ...Array.from({ length: steps }, () => [
      `before physics ${here} ${height}`,
      `after physics ${here} ${height}`,
    ]).flat(),
    `before render ${here} ${height}`,
    `after render ${here} ${height}`,
  ];
};
const FOUR = [...frame(1, '0.00'), ...frame(2, '1.00'), ...frame(3, '2.00'), ...frame(4, '3.00')];

describe('an environment with frames', () => {
  it('gives its scene frames of the world’s time in training', async () => {
    expect(await train(2)).toEqual(FOUR);
  });

  it('makes several steps one frame', async () => {
    expect(await train(2, { frames: 2 })).toEqual([...frame(1, '0.00', 2), ...frame(2, '2.00', 2)]);
  });

  it('has the parts of a frame in Babylon’s own order', async () => {
    const { scene, log } = await show(0.1);
    scene.render();
    const parts = (lines: readonly string[]) => lines.map((line) => line.replace(/ \d.*/, ''));
    expect(parts(log)).toEqual(parts(frame(1, '0.00')));
  });

  it('gives each of several scenes its own', async () => {
    const logs: string[][] = [];
    const environment = define({
      createScene(engine) {
        logs.push([]);
        return createScene(engine, logs.at(-1));
      },
    });
    const world = await open(environment, 2);
    world.step();
    world.step();
    expect(logs).toEqual([FOUR, FOUR]);
  });

  it('gives them to areas of one world, each of whose observers hears of every frame once', async () => {
    const heard: number[] = [];
    const environment = defineEnvironment({
      name: 'shared',
      timeStep: 0.1,
      decisionPeriod: 2,
      frames: 1,
      build(area) {
        const box = CreateBox('box', { size: 1 }, area.scene);
        box.parent = area.root;
        area.scene.onBeforeRenderObservable.add(() => heard.push((area as AreaContext & { index: number }).index));
        return build(area);
      },
    });
    const world = await open(environment, 2);
    world.step();
    expect(heard).toEqual([0, 1, 0, 1]);
  });

  it('gives them to a scene without physics', async () => {
    const heard: number[] = [];
    const world = await open(
      define({
        createScene: (engine) => {
          const scene = new Scene(engine);
          CreateBox('box', {}, scene);
          scene.onBeforeRenderObservable.add(() => heard.push(scene.deltaTime));
          return scene;
        },
      }),
    );
    world.step();
    expect(heard).toEqual([100, 100]);
  });

  it('tells triggers of meshes that begin and cease to intersect', async () => {
    const heard: string[] = [];
    const world = await open(
      define({
        async createScene(engine) {
          const scene = await createScene(engine);
          const lift = scene.getMeshByName('lift')!;
          const gate = CreateBox('gate', { size: 0.5 }, scene);
          gate.position.y = 2;
          lift.actionManager = new ActionManager(scene);
          for (const [trigger, what] of TOUCHES)
            lift.actionManager.registerAction(
              new ExecuteCodeAction({ trigger, parameter: gate }, () => heard.push(`${what} ${scene.getFrameId()}`)),
            );
          return scene;
        },
      }),
    );
    for (let i = 0; i < 3; i++) world.step();
    expect(heard).toEqual(['enter 3', 'exit 4']); // its middle 2 m up in frame 3, in which they overlap
  });

  it('names itself where an observer of its frames throws', async () => {
    const world = await open(
      define({
        async createScene(engine) {
          const scene = await createScene(engine);
          scene.onBeforeRenderObservable.add(() => {
            throw new Error('out of fuel');
          });
          return scene;
        },
      }),
    );
    expect(() => world.step()).toThrow(
      '[agents] a physics step, a frame or a timer of environment "lift" failed in area 0',
    );
  });
});

const TOUCHES = [
  [ActionManager.OnIntersectionEnterTrigger, 'enter'],
  [ActionManager.OnIntersectionExitTrigger, 'exit'],
] as const;

describe('play() of an environment with frames', () => {
  it.each([1 / 60, 1 / 144, 1 / 30, 0.037])(
    'has the frames of training on a display with one every %d s',
    async (seconds) => {
      const { scene, log } = await show(seconds);
      await play(define(), scene, nobody);
      while (log.length < FOUR.length) scene.render();
      expect(log).toEqual(FOUR);
    },
  );

  it('has them from the start, however long the scene was drawn before', async () => {
    const { scene, log } = await show(0.1);
    for (let i = 0; i < 5; i++) scene.render();
    scene.stopAllAnimations();
    log.splice(0);
    await play(define(), scene, nobody);
    scene.render();
    expect(log.at(-1)).toMatch(/^after render 1: 100 100 6/);
  });

  it('has none while it is paused, in which the camera alone moves', async () => {
    const { scene, log } = await show(0.1);
    const playback = await play(define(), scene, nobody);
    const update = vi.spyOn(scene.activeCamera!, 'update');
    playback.paused = true;
    scene.render();
    expect([log, update.mock.calls.length]).toEqual([[], 1]);
    playback.paused = false;
    scene.render();
    expect([log, update.mock.calls.length]).toEqual([frame(1, '0.00'), 2]);
  });

  it('leaves what serves the picture to the display', async () => {
    const { scene } = await show(0.01);
    let checks = 0;
    const gui = { checkPointerEveryFrame: false };
    scene.onBeforeRenderObservable.add(() => {
      checks++;
      if (!gui.checkPointerEveryFrame) return;
    });
    await play(define(), scene, nobody);
    for (let i = 0; i < 5; i++) scene.render(); // half a frame of the world
    expect(checks).toBe(5);
  });

  it('gives the display its frames back', async () => {
    const { scene, log } = await show(0.05);
    const standIns = ['render', 'animate', '_checkIntersections'];
    (await play(define(), scene, nobody)).dispose();
    scene.render();
    expect(log.map((line) => line.replace(/: .*/, ''))).toEqual([
      ...['before animations 1', 'every frame 1', 'after animations 1'],
      ...['before physics 1', 'after physics 1', 'before render 1', 'after render 1'],
    ]);
    expect(scene.getEngine().getDeltaTime()).toBe(50);
    expect(standIns.filter((name) => Object.hasOwn(scene, name))).toEqual([]);
    expect(scene.onBeforeRenderObservable.observers[0].mask).toBe(-1);
  });

  it('refuses a policy that was trained with other frames, and a scene that is played with others', async () => {
    const { scene } = await show(0.1);
    const policy = createPolicy({ ...createSpec(LAYOUT), timeStep: 0.1, decisionPeriod: 2, frames: 2 });
    await expect(play(define(), scene, policy)).rejects.toThrow(
      'was trained with `frames: 2`, but play("lift") has `frames: 1`. Give it `frames: 2`, or train the policy without.',
    );
    await play(define(), scene, nobody);
    await expect(play(define({ frames: 2 }), scene, nobody)).rejects.toThrow(
      'play("lift") has `frames: 2`, but its scene is played with `frames: 1` already.',
    );
  });
});

describe('playPolicy()', () => {
  it('has the frames that its policy was trained with', async () => {
    const { scene, log } = await show(0.1);
    build({ find: (name: string) => scene.getMeshByName(name), scene } as unknown as AreaContext);
    const agent = scene.getMeshByName('box')!.behaviors.find((behavior) => behavior instanceof Agent)!;
    const policy = createPolicy({ ...createSpec(LAYOUT), timeStep: 0.1, decisionPeriod: 2, frames: 1 });
    expect(parsePolicy(writePolicy(policy), 'it').spec.frames).toBe(1);
    playPolicy(policy, scene, { agents: [agent] });
    scene.render();
    expect(log).toEqual(frame(1, '0.00'));
  });
});

const LAYOUT = { sensors: [{ name: 'height', size: 1 }], actuators: [{ name: 'rest', continuous: 1, branches: [] }] };
