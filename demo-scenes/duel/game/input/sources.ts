import { element } from '../hud.ts';
import { readGamepads } from './gamepad.ts';
import { listenToKeyboard } from './keyboard.ts';
import type { OnDash, Source } from './source.ts';
import { TouchStick } from './touch.ts';

/** Every device that a person may play with, all at once. */
export function createSources(onDash: OnDash, playing: () => boolean): readonly Source[] {
  const touch = {
    surface: element('surface'),
    stick: element('stick'),
    knob: element('knob'),
    dash: element('dash'),
  };
  return [listenToKeyboard(onDash, playing), new TouchStick(touch, onDash), readGamepads(onDash)];
}
