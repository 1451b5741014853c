import type { AgentLayout } from '../../plugin/index.ts';

/** Keys that do the same thing to an agent's action. */
export interface KeyBinding {
  /** by position on the keyboard: KeyboardEvent.code, such as `KeyW` or `ArrowUp` */
  readonly keys: readonly string[];
  /** index of the action's entry: continuous ones and branches are counted together, actuator after actuator */
  readonly entry: number;
  /** the value in [−1, 1] of a continuous entry while a key is held, or the choice of a branch */
  readonly value: number;
  /** for people: `tilt left` */
  readonly does: string;
}

/** How a person drives an agent of one layout. */
export interface KeyBindings {
  readonly bindings: readonly KeyBinding[];
  /** s that a continuous entry takes from 0 to a full action; defaults to 0, at once */
  readonly smoothing?: number;
}

const AXES = [
  { less: ['ArrowLeft', 'KeyA'], more: ['ArrowRight', 'KeyD'] },
  { less: ['ArrowDown', 'KeyS'], more: ['ArrowUp', 'KeyW'] },
] as const;

/** Arrows and WASD for the first two continuous actions, digits for the choices of all branches, one after another. */
export function defaultKeys({ actuators }: AgentLayout): KeyBindings {
  const bindings: KeyBinding[] = [];
  let entry = 0;
  let axes = 0;
  let digits = 0;
  for (const { name, continuous, branches } of actuators) {
    for (let i = 0; i < continuous; i++, entry++) {
      if (axes === AXES.length) continue;
      const { less, more } = AXES[axes++];
      const what = continuous > 1 ? `${name} ${i + 1}` : name;
      bindings.push(
        { keys: less, entry, value: -1, does: `${what} −` },
        { keys: more, entry, value: 1, does: `${what} +` },
      );
    }
    for (const choices of branches) {
      for (let choice = 0; choice < choices && digits < 9; choice++)
        bindings.push({ keys: [`Digit${++digits}`], entry, value: choice, does: `${name}: choice ${choice}` });
      entry++;
    }
  }
  return { bindings };
}

/** The label of a key: `W` for `KeyW`, `↑` for `ArrowUp`. */
export function nameKey(code: string): string {
  const arrows: Readonly<Record<string, string>> = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→' };
  return arrows[code] ?? code.replace(/^(Key|Digit)/, '');
}
