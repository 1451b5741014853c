import { ActionManager } from '@babylonjs/core/Actions/actionManager.js';
import { ExecuteCodeAction } from '@babylonjs/core/Actions/directActions.js';
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { DeviceType } from '@babylonjs/core/DeviceInput/InputDevices/deviceEnums.js';
import { DeviceSourceManager } from '@babylonjs/core/DeviceInput/InputDevices/deviceSourceManager.js';
import type { IKeyboardEvent } from '@babylonjs/core/Events/deviceInputEvents.js';
import { KeyboardEventTypes } from '@babylonjs/core/Events/keyboardEvents.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  Agent,
  defineEnvironment,
  FunctionSensor,
  KeyActuator,
  type PolicySpec,
  play,
  playPolicy,
} from '../../../plugin/index.ts';
import { createBareNode, createBareScene } from '../../../plugin/testing/bare-scene.ts';
import { describeActuatorContract } from '../../../plugin/testing/index.ts';
import { HeadlessWorld } from '../../../workers/headless-world.ts';
import { createExactPolicy } from '../../policy/fixtures.ts';

describeActuatorContract('KeyActuator', () => new KeyActuator({ keys: [['KeyW', 'KeyS'], 'Space'] }));

let scene: Scene;
let node: TransformNode;
/** what the game was told, `+w` for a press and `-w` for the end of it */
let heard: string[];

beforeEach(async () => {
  scene = await createBareScene();
  node = createBareNode('car', scene);
  heard = [];
  listen(scene, heard);
});
afterEach(() => scene.getEngine().dispose());

function listen({ onKeyboardObservable }: Scene, heard: string[]): void {
  onKeyboardObservable.add(({ type, event }) => {
    heard.push((type === KeyboardEventTypes.KEYDOWN ? '+' : '-') + event.key);
  });
}

function createKeys(...keys: (string | string[])[]): KeyActuator {
  const actuator = new KeyActuator({ keys });
  node.addBehavior(actuator, true);
  return actuator;
}

describe('KeyActuator', () => {
  it('has a branch of two for each key, and one of n + 1 for n keys of which one at a time is held', () => {
    expect(new KeyActuator({ keys: ['KeyW', ['KeyA', 'KeyD'], 'Space'] }).branches).toEqual([2, 3, 2]);
  });

  it('presses a key once, holds it while it is chosen, and lets go of one before it presses another', () => {
    const keys = createKeys(['KeyW', 'KeyS'], 'Space');
    for (const [drive, jump] of [
      [0, 0],
      [1, 0],
      [1, 0],
      [1, 1],
      [2, 0],
      [0, 0],
    ])
      keys.apply(Float32Array.of(9, drive, jump), 1);
    expect(heard).toEqual(['+w', '+ ', '-w', '- ', '+s', '-s']);
  });

  it('tells code, key and keyCode, as a keyboard does, Shift as well, and that nothing repeats', () => {
    const events: IKeyboardEvent[] = [];
    scene.onKeyboardObservable.add(({ event }) => void events.push(event));
    const keys = ['KeyQ', 'Digit7', 'ArrowLeft', 'Space', 'Enter', 'ShiftRight', 'F2', 'Comma', 'Numpad5'];
    const actuator = createKeys(keys);
    for (let choice = 1; choice <= keys.length; choice++) actuator.apply(Float32Array.of(choice), 0);
    const downs = events.filter(({ type }) => type === 'keydown');
    expect(downs.map(({ code }) => code)).toEqual(keys);
    expect(downs.map(({ key }) => key)).toEqual(['q', '7', 'ArrowLeft', ' ', 'Enter', 'Shift', 'F2', ',', '5']);
    expect(downs.map(({ keyCode }) => keyCode)).toEqual([81, 55, 37, 32, 13, 16, 113, 188, 101]);
    expect(downs.map(({ repeat }) => repeat)).toEqual(keys.map(() => false));
    expect(downs[5].shiftKey).toBe(true);
    expect(downs[6].shiftKey).toBe(false);
    downs[0].preventDefault(); // as games do
  });

  it('writes capitals while Shift is held', () => {
    const keys = createKeys('ShiftLeft', 'KeyW');
    keys.apply(Float32Array.of(1, 1), 0);
    keys.apply(Float32Array.of(0, 1), 0);
    keys.apply(Float32Array.of(0, 0), 0);
    expect(heard).toEqual(['+Shift', '+W', '-Shift', '-w']);
  });

  it('is heard by action managers, devices and cameras, each once', () => {
    const told: string[] = [];
    scene.actionManager = new ActionManager(scene);
    const note = (text: string) => () => void told.push(text);
    scene.actionManager.registerAction(
      new ExecuteCodeAction({ trigger: ActionManager.OnKeyDownTrigger, parameter: 'w' }, note('w down')),
    );
    scene.actionManager.registerAction(new ExecuteCodeAction(ActionManager.OnKeyUpTrigger, note('up')));
    const devices = new DeviceSourceManager(scene.getEngine());
    devices.onDeviceConnectedObservable.add((device) => {
      if (device.deviceType !== DeviceType.Keyboard) return;
      device.onInputChangedObservable.add(({ inputIndex }) => void told.push(`device ${inputIndex}`));
    });
    const camera = new FreeCamera('camera', Vector3.Zero(), scene);
    camera.keysUp = [87];
    camera.attachControl();
    const keys = createKeys('KeyW');
    keys.apply(Float32Array.of(1), 0);
    expect(devices.getDeviceSource(DeviceType.Keyboard)?.getInput(87)).toBe(1);
    expect(camera.inputs.attached.keyboard).toMatchObject({ _keys: [87] });
    keys.apply(Float32Array.of(0), 0);
    expect(devices.getDeviceSource(DeviceType.Keyboard)?.getInput(87)).toBe(0);
    expect(told).toEqual(['device 87', 'w down', 'device 87', 'up']);
    expect(heard).toEqual(['+w', '-w']);
  });

  it('is heard once in a scene that listens to devices itself', () => {
    scene.attachControl();
    const keys = createKeys('KeyW');
    keys.apply(Float32Array.of(1), 0);
    keys.apply(Float32Array.of(0), 0);
    expect(heard).toEqual(['+w', '-w']);
  });

  it('may be skipped by onPreKeyboardObservable', () => {
    scene.onPreKeyboardObservable.add((info) => {
      info.skipOnKeyboardObservable = true;
    });
    createKeys('KeyW').apply(Float32Array.of(1), 0);
    expect(heard).toEqual([]);
  });

  it('lets go of its keys when it is taken off its node, or the node is disposed', () => {
    const first = createKeys('KeyW');
    first.apply(Float32Array.of(1), 0);
    node.removeBehavior(first);
    const second = createKeys('KeyA');
    second.apply(Float32Array.of(1), 0);
    node.dispose();
    expect(heard).toEqual(['+w', '-w', '+a', '-a']);
  });

  it('names what is no key, and what was probably meant', () => {
    const make =
      (...keys: (string | string[])[]) =>
      () =>
        new KeyActuator({ keys });
    expect(make('w')).toThrow('[agents] Actuator "keys" has no key "w". Did you mean "KeyW"? Name keys by their');
    expect(make('Up')).toThrow('Did you mean "ArrowUp"?');
    expect(make(' ')).toThrow('Did you mean "Space"?');
    expect(make(['KeyA', 'KeyA'])).toThrow('has key "KeyA" twice');
    expect(make()).toThrow('It must be a list of keys');
    expect(make([])).toThrow('It must be a list of keys');
  });
});

/** A game of two cars, each with a key of its own; they end when the test says so. */
function createCars() {
  const agents: Agent[] = [];
  const environment = defineEnvironment({
    name: 'cars',
    decisionPeriod: 2,
    maxDecisions: 3,
    createScene: (engine) => new Scene(engine),
    build({ scene }) {
      listen(scene, heard);
      for (const key of ['KeyA', 'KeyB']) {
        const sensors = [new FunctionSensor('still', 1, () => [0])];
        const agent = new Agent({ sensors, actuators: [new KeyActuator({ keys: [key] })] });
        new TransformNode(key, scene).addBehavior(agent, true);
        agents.push(agent);
      }
      return { reset: () => void heard.push('reset') };
    },
  });
  return { agents, environment };
}

const holdAll = { act: (_: Float32Array, action: Float32Array) => void action.fill(1) };

describe('the keys of an agent', () => {
  it('are up before reset() when its episode is truncated, in training', async () => {
    const { environment } = createCars();
    const world = await HeadlessWorld.create(environment, {});
    const decide = () => {
      world.clock.observe();
      world.rows.action.fill(1);
      world.step();
      world.restart();
    };
    heard.length = 0;
    for (let i = 0; i < 4; i++) decide();
    expect(heard).toEqual(['+a', '+b', '-a', '-b', 'reset', '+a', '+b']);
    world.dispose();
  });

  it('are up at the next decision when its episode ends before those of others', async () => {
    const { environment, agents } = createCars();
    const world = await HeadlessWorld.create(environment, {});
    world.clock.observe();
    world.rows.action.fill(1);
    world.step();
    agents[1].terminate();
    world.restart();
    expect(heard.slice(-3)).toEqual(['+a', '+b', '-b']);
    world.dispose();
  });

  it('are up when play() ends, whose scene goes on', async () => {
    const { environment } = createCars();
    const playback = await play(environment, scene, holdAll);
    heard.length = 0;
    playback.stepDecision();
    playback.dispose();
    expect(new Set(heard)).toEqual(new Set(['+a', '+b', '-a', '-b']));
  });

  it('are up when playPolicy() ends, or leaves it, or a game takes it out of play', () => {
    const agents = ['KeyA', 'KeyB', 'KeyC'].map((key) => {
      const sensors = [new FunctionSensor('still', 1, () => [0])];
      const agent = new Agent({ sensors, actuators: [new KeyActuator({ keys: [key] })] });
      new TransformNode(key, scene).addBehavior(agent, true);
      return agent;
    });
    const { layout } = agents[0];
    const network = { hidden: [], activation: 'tanh', critic: 'none' } as const;
    const times = { timeStep: 1 / 60, decisionPeriod: 2 };
    const spec: PolicySpec = { name: 'drive', layout, network, observationClip: 10, bounds: 'clip', ...times };
    const playback = playPolicy(createExactPolicy(spec, {}), scene, { agents });
    playback.control(holdAll);
    playback.stepDecision();
    playback.remove(agents[0]);
    agents[1].terminate();
    playback.stepDecision();
    playback.dispose();
    expect(heard).toEqual(['+a', '+b', '+c', '-a', '-b', '-c']);
  });

  it('are heard by the devices of their own scene alone, where scenes share an engine', async () => {
    const environment = defineEnvironment({
      name: 'devices',
      createScene(engine) {
        const scene = new Scene(engine);
        const devices = new DeviceSourceManager(engine);
        scene.metadata = () => devices.getDeviceSource(DeviceType.Keyboard)?.getInput(87) ?? 0;
        return scene;
      },
      build({ scene }) {
        const sensors = [new FunctionSensor('still', 1, () => [0])];
        const agent = new Agent({ sensors, actuators: [new KeyActuator({ keys: ['KeyW'] })] });
        new TransformNode('car', scene).addBehavior(agent, true);
        return { reset() {} };
      },
    });
    const world = await HeadlessWorld.create(environment, { count: 3 });
    world.clock.observe();
    world.rows.action.set([0, 1, 0]);
    world.step();
    expect(world.clock.areas.map(({ scene: { metadata: isDown } }) => isDown())).toEqual([0, 1, 0]);
    world.dispose();
  });

  it('are refused where areas share a scene, which would all hear them', async () => {
    const environment = defineEnvironment({
      name: 'shared',
      build({ root, scene }) {
        const car = new TransformNode('car', scene);
        car.parent = root;
        car.addBehavior(new KeyActuator({ keys: ['KeyW'] }), true);
        return { reset() {} };
      },
    });
    await expect(HeadlessWorld.create(environment, { count: 2 })).rejects.toThrow(
      'has several areas, which would all hear them. Give the environment a `createScene`',
    );
  });

  it('name the actuator and the agent when the game’s own code fails', async () => {
    const { environment } = createCars();
    const playback = await play(environment, scene, holdAll);
    scene.onKeyboardObservable.add(() => {
      throw new Error('no horn');
    });
    expect(() => playback.stepDecision()).toThrow('apply() of actuator "keys" of agent "agent" on node "KeyA"');
    scene.onKeyboardObservable.clear();
    playback.dispose();
  });
});
