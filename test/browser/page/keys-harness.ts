import { ActionManager } from '@babylonjs/core/Actions/actionManager.js';
import { ExecuteCodeAction } from '@babylonjs/core/Actions/directActions.js';
import { DeviceType } from '@babylonjs/core/DeviceInput/InputDevices/deviceEnums.js';
import { DeviceSourceManager } from '@babylonjs/core/DeviceInput/InputDevices/deviceSourceManager.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import type { IKeyboardEvent } from '@babylonjs/core/Events/deviceInputEvents.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Scene } from '@babylonjs/core/scene.js';
import { Agent, type Controller, defineEnvironment, FunctionSensor, KeyActuator, play } from '../../../plugin/index.ts';
import { stars } from '../../shapes/keys/environment.ts';
import { createScene, type Game } from '../../shapes/keys/game.ts';

/** Who heard what: `window keydown KeyW w 87 87`. */
type Heard = readonly string[];

const stage = document.getElementById('stage') as HTMLCanvasElement;
document.getElementById('name')?.focus(); // where a person's keys would go

/** Holds W for a decision and lets go of it, in a scene that is heard in every way there is. */
async function press(): Promise<Heard> {
  const engine = new Engine(stage);
  const scene = new Scene(engine);
  const heard: string[] = [];
  listen(scene, heard);
  const playback = await play(environment, scene, hold(1, 0));
  playback.stepDecision();
  playback.stepDecision();
  engine.dispose();
  return heard;
}

/** The scene goes while W is held. */
async function leave(): Promise<Heard> {
  const engine = new Engine(stage);
  const scene = new Scene(engine);
  const playback = await play(environment, scene, hold(1));
  const heard: string[] = [];
  const hear = ({ type }: KeyboardEvent) => void heard.push(type);
  for (const type of ['keydown', 'keyup'] as const) window.addEventListener(type, hear);
  playback.stepDecision();
  scene.dispose();
  engine.dispose();
  for (const type of ['keydown', 'keyup'] as const) window.removeEventListener(type, hear);
  return heard;
}

const environment = defineEnvironment({
  name: 'press',
  decisionPeriod: 2,
  createScene: (engine) => new Scene(engine),
  build({ scene }) {
    const sensors = [new FunctionSensor('still', 1, () => [0])];
    const agent = new Agent({ sensors, actuators: [new KeyActuator({ keys: ['KeyW'] })] });
    new TransformNode('player', scene).addBehavior(agent, true);
    return { reset() {} };
  },
});

/** Chooses so of its one branch, decision by decision; the last for good. */
function hold(...choices: readonly number[]): Controller {
  let at = 0;
  return { act: (_, action) => void action.fill(choices[Math.min(at++, choices.length - 1)]) };
}

function listen(scene: Scene, heard: string[]): void {
  const hear = (who: string, { type, code, key, keyCode, which, repeat }: KeyboardEvent) =>
    void heard.push([who, type, code, key, keyCode, which, repeat].join(' '));
  for (const type of ['keydown', 'keyup'] as const) {
    window.addEventListener(type, (event) => hear('window', event));
    document.addEventListener(type, (event) => hear('document', event));
    stage.addEventListener(type, (event) => hear('canvas', event));
  }
  scene.onKeyboardObservable.add(({ event }) => hear('scene', event as unknown as KeyboardEvent));
  scene.actionManager = new ActionManager(scene);
  for (const trigger of [ActionManager.OnKeyDownTrigger, ActionManager.OnKeyUpTrigger])
    scene.actionManager.registerAction(
      new ExecuteCodeAction({ trigger, parameter: 'w' }, ({ sourceEvent }) => hear('action', sourceEvent)),
    );
  new DeviceSourceManager(scene.getEngine()).onDeviceConnectedObservable.add((device) => {
    if (device.deviceType !== DeviceType.Keyboard) return;
    device.onInputChangedObservable.add((event) => hear('device', event as IKeyboardEvent as unknown as KeyboardEvent));
  });
}

/** Plays the game of stars, as it is drawn, for so many seconds; answers with the stars that were reached. */
async function collect(seconds: number): Promise<number> {
  const engine = new Engine(stage);
  const scene = await createScene(engine);
  const playback = await play(stars, scene, { act: drive });
  for (let frame = 0; frame < seconds * 60; frame++) playback.advance(1 / 60);
  scene.render();
  const { score } = scene.metadata as Game;
  engine.dispose();
  return score;
}

function drive([x, , z]: Float32Array, action: Float32Array): void {
  const angle = Math.atan2(x, z);
  action[0] = 1;
  action[1] = Math.abs(angle) < 0.2 ? 0 : angle < 0 ? 1 : 2;
  action[2] = Math.abs(angle) > 1 ? 1 : 0;
}

const keysHarness = { press, leave, collect };

declare global {
  var keys: typeof keysHarness;
}

globalThis.keys = keysHarness;
