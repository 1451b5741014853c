import { ActionManager } from '@babylonjs/core/Actions/actionManager.js';
import { ExecuteCodeAction } from '@babylonjs/core/Actions/directActions.js';
import { Animation } from '@babylonjs/core/Animations/animation.js';
import '@babylonjs/core/Animations/animatable.js';
import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { SceneInstrumentation } from '@babylonjs/core/Instrumentation/sceneInstrumentation.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { PhysicsCharacterController } from '@babylonjs/core/Physics/v2/characterController.js';
import { Scene } from '@babylonjs/core/scene.js';
import { AdvancedDynamicTexture } from '@babylonjs/gui/2D/advancedDynamicTexture.js';
import { afterEach, describe, expect, it } from 'vitest';
import { environments } from '../../demo-scenes/catalog.ts';
import { FunctionActuator } from '../../plugin/scene/actuators/function-actuator.ts';
import { Agent } from '../../plugin/scene/agent.ts';
import { type AreaContext, defineEnvironment, type EnvironmentSpec } from '../../plugin/scene/environment.ts';
import { enablePhysics } from '../../plugin/scene/havok.ts';
import { requirePhysics } from '../../plugin/scene/physics.ts';
import { play } from '../../plugin/scene/play.ts';
import { FunctionSensor } from '../../plugin/scene/sensors/function-sensor.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';
import { playsPart } from '../../workers/render-loops.ts';

const opened: { dispose(): void }[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.dispose();
});

function build(area: AreaContext): { reset(): void } {
  const sensor = new FunctionSensor('nothing', 1, () => {});
  const rest = new FunctionActuator({ name: 'rest', continuous: 1, apply() {} });
  area.find('box').addBehavior(new Agent({ sensors: [sensor], actuators: [rest] }), true);
  return { reset() {} };
}

/** An environment in whose scene a game does `more`. */
function define(more: (scene: Scene) => void, changes: Partial<EnvironmentSpec> = {}) {
  return defineEnvironment({
    name: 'game',
    build,
    async createScene(engine: AbstractEngine) {
      const scene = new Scene(engine);
      await enablePhysics(scene);
      CreateBox('box', {}, scene);
      more(scene);
      return scene;
    },
    ...changes,
  });
}

/** What a user hears of it after some decisions. */
async function hear(environment: ReturnType<typeof define>, decisions = 3): Promise<readonly string[]> {
  const world = await HeadlessWorld.create(environment, {});
  opened.push(world);
  world.restart();
  for (let i = 0; i < decisions; i++) world.step();
  return world.notices.take();
}

const boxOf = (scene: Scene) => scene.getMeshByName('box')!;

const NEEDS: readonly (readonly [string, (scene: Scene) => void, string])[] = [
  [
    'observers of rendering',
    (scene) => scene.registerBeforeRender(() => {}),
    'observers of scene.onBeforeRenderObservable',
  ],
  [
    'observers that a game adds later',
    (scene) => scene.onAfterPhysicsObservable.addOnce(() => scene.registerAfterRender(() => {})),
    'observers of scene.onAfterRenderObservable',
  ],
  [
    'animations',
    (scene) => Animation.CreateAndStartAnimation('turn', boxOf(scene), 'rotation.y', 60, 60, 0, 1),
    'animations of "box"',
  ],
  [
    'every-frame triggers',
    (scene) => {
      scene.actionManager = new ActionManager(scene);
      scene.actionManager.registerAction(new ExecuteCodeAction(ActionManager.OnEveryFrameTrigger, () => {}));
    },
    'triggers of an ActionManager',
  ],
  [
    'a character controller that moves by the time of a frame',
    (scene) => {
      const shape = { capsuleHeight: 1.8, capsuleRadius: 0.6 };
      const character = new PhysicsCharacterController(Vector3.Zero(), shape, scene);
      scene.onBeforePhysicsObservable.add(() => character.moveWithCollisions(Vector3.Forward()));
    },
    'code that reads scene.deltaTime, which is undefined',
  ],
  [
    'rules that ask the engine for the time of a frame',
    (scene) => scene.onBeforePhysicsObservable.add(() => scene.getEngine().getDeltaTime()),
    'code that calls engine.getDeltaTime(), which is 0',
  ],
];

describe('training without frames', () => {
  it.each(NEEDS)('warns of %s, and says how many steps a frame is to have', async (_, more, what) => {
    expect(await hear(define(more, { timeStep: 1 / 120 }))).toEqual([
      `Environment "game" has no frames in training, but its scene needs them: ${what}. None of that runs. Give the environment \`frames: 2\`, or \`frames: 0\` if its task does not need them.`,
    ]);
  });

  it.each(NEEDS)('is silent about %s where the environment has frames, or says that it needs none', async (_, more) => {
    expect(await hear(define(more, { frames: 1 }))).toEqual([]);
    expect(await hear(define(more, { frames: 0 }))).toEqual([]);
  });

  it('is silent about what Babylon itself does in frames for the picture', async () => {
    const messages = await hear(
      define((scene) => {
        AdvancedDynamicTexture.CreateFullscreenUI('menu', true, scene);
        new SceneInstrumentation(scene).captureFrameTime = true;
        scene.getEngine().runRenderLoop(() => scene.render());
      }),
    );
    expect(messages).toEqual([]);
  });

  it.each([{}, { frames: 1 }])('warns of rules in a render loop, which no option runs: %o', async (changes) => {
    const environment = define((scene) => {
      let age = 0;
      scene.getEngine().runRenderLoop(() => {
        age++;
        if (age > 10) scene.render();
      });
    }, changes);
    expect(await hear(environment)).toEqual([
      'The scene of environment "game" has a function of engine.runRenderLoop() that does more than draw, which never runs in training. Move the rules of the game from there to `scene.onBeforeRenderObservable`, with `frames` in the environment; or give it `frames: 0` if its task does not need them.',
    ]);
  });

  it.each(Object.entries(environments))('has nothing to say of the demo scene %s', async (_, { environment }) => {
    const messages = await hear(await environment());
    expect(messages.filter((message) => message.includes('frames'))).toEqual([]);
  });
});

describe('playsPart', () => {
  const scene = { render() {}, activeCamera: true };
  const label = { innerHTML: '' };
  const game = { update(_: number) {} };
  it.each([
    () => scene.render(),
    () => {
      if (scene?.activeCamera) scene.render(); // once there is a camera
    },
    function renderLoop() {
      scene.render();
      label.innerHTML = `${Math.PI} fps`;
    },
    scene.render.bind(scene),
  ])('is false of a loop that draws: %s', (loop) => expect(playsPart(loop)).toBe(false));

  let age = 0;
  it.each([
    () => {
      game.update(1);
      scene.render();
    },
    () => {
      age += 1;
      scene.render();
    },
    () => void age++,
  ])('is true of a loop that does more: %s', (loop) => expect(playsPart(loop)).toBe(true));
});

describe('a scene that has set its own time step', () => {
  const message =
    'takes steps of 0.016666666666666666 s, but the scene has set those of its physics to 0.002 s. Give the environment `timeStep: 0.002`, and 8.3 times its `decisionPeriod`; or remove `setTimeStep(0.002)` from the scene.';
  const fast = (scene: Scene) => requirePhysics(scene, 'the test').setTimeStep(0.002);

  it('is not trained by another', async () => {
    await expect(hear(define(fast))).rejects.toThrow(`[agents] Environment "game" ${message}`);
    expect(await hear(define(fast, { timeStep: 1 / 500 }))).toEqual([]);
  });

  it('is not played by another, and keeps its own', async () => {
    const engine = new NullEngine();
    opened.push(engine);
    const scene = new Scene(engine);
    await enablePhysics(scene);
    CreateBox('box', {}, scene);
    fast(scene);
    await expect(play(define(fast), scene, { act() {} })).rejects.toThrow(`[agents] play("game") ${message}`);
    (await play(define(fast, { timeStep: 1 / 500 }), scene, { act() {} })).dispose();
    expect(requirePhysics(scene, 'the test').getTimeStep()).toBe(0.002);
  });
});
