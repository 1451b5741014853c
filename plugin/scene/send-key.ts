import { ActionEvent } from '@babylonjs/core/Actions/actionEvent.js';
import type { InternalDeviceSourceManager } from '@babylonjs/core/DeviceInput/internalDeviceSourceManager.js';
import type { IKeyboardEvent } from '@babylonjs/core/Events/deviceInputEvents.js';
import { KeyboardEventTypes, KeyboardInfo, KeyboardInfoPre } from '@babylonjs/core/Events/keyboardEvents.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { SceneInternals } from './babylon-internals.ts';
import type { Key } from './keys.ts';
import { enterScenePage } from './scene-page.ts';

/** Which of the keys that change others are held. */
export interface Modifiers {
  shiftKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
}

/**
 * Presses or lets go of a key, for whoever listens in a scene. In a page the browser carries the event from the canvas up
 * to `window`, so that each listener hears of it once, Babylon's own too, whatever has the focus. Without a page Babylon
 * listens to nothing, and the scene is told what it would be told.
 */
export function sendKey(scene: Scene, type: 'keydown' | 'keyup', key: Key, modifiers: Modifiers): void {
  enterScenePage(scene);
  const event = createEvent(type, key, modifiers);
  const page = globalThis.document as Document | undefined;
  const target: EventTarget | null | undefined = scene.getEngine().getInputElement() ?? page;
  target?.dispatchEvent(event);
  const { _inputManager: input, _isDisposing: gone } = scene as unknown as SceneInternals;
  if (page || gone) return;
  tellDevices(scene, event as unknown as IKeyboardEvent);
  if (!input._alreadyAttached) tellScene(scene, event as unknown as IKeyboardEvent); // else it has heard from its devices
}

/** A KeyboardEvent where there is such a thing; else as much of one as games read. */
function createEvent(type: string, { code, key: small, keyCode }: Key, modifiers: Readonly<Modifiers>): Event {
  const key = modifiers.shiftKey && small.length === 1 ? small.toUpperCase() : small;
  const init = { code, key, keyCode, which: keyCode, ...modifiers, bubbles: true, cancelable: true, composed: true };
  if (typeof KeyboardEvent === 'function') return new KeyboardEvent(type, init);
  const { bubbles, cancelable, composed, ...rest } = init;
  return Object.assign(new Event(type, { bubbles, cancelable }), rest, { metaKey: false, repeat: false });
}

/** As Babylon's InputManager does. */
function tellScene(scene: Scene, event: IKeyboardEvent): void {
  const down = event.type === 'keydown';
  const type = down ? KeyboardEventTypes.KEYDOWN : KeyboardEventTypes.KEYUP;
  const before = new KeyboardInfoPre(type, event);
  scene.onPreKeyboardObservable.notifyObservers(before, type);
  if (before.skipOnKeyboardObservable) return;
  scene.onKeyboardObservable.notifyObservers(new KeyboardInfo(type, event), type);
  scene.actionManager?.processTrigger(down ? 14 : 15, ActionEvent.CreateNewFromScene(scene, event as unknown as Event));
}

/** Those of scenes that share an engine. */
const ownDevices = new WeakMap<Scene, InternalDeviceSourceManager>();

/** Makes the devices that a scene listens to its own; the next scene of its engine gets others. */
export function keepDevices(scene: Scene): void {
  const engine = scene.getEngine();
  if (!engine._deviceSourceManager) return;
  ownDevices.set(scene, engine._deviceSourceManager);
  delete engine._deviceSourceManager;
}

/** As Babylon's system of devices does, for those who have made a DeviceSourceManager. */
function tellDevices(scene: Scene, event: IKeyboardEvent): void {
  const manager = ownDevices.get(scene) ?? scene.getEngine()._deviceSourceManager;
  if (!manager) return;
  const { _deviceInputSystem: devices } = manager as unknown as DeviceInternals;
  devices._registerDevice(KEYBOARD, 0, 255);
  devices._inputs[KEYBOARD][0][event.keyCode] = event.type === 'keydown' ? 1 : 0;
  event.inputIndex = event.keyCode;
  devices._onInputChanged(KEYBOARD, 0, event);
}

/** DeviceType.Keyboard */
const KEYBOARD = 1;

/** The private members of Babylon's device manager that this file uses. */
interface DeviceInternals {
  readonly _deviceInputSystem: {
    readonly _inputs: Record<number, Record<number, number[]>>;
    _registerDevice(type: number, slot: number, inputs: number): void;
    _onInputChanged(type: number, slot: number, event: IKeyboardEvent): void;
  };
}
