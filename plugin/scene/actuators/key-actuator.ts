import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { AgentsError } from '../../core/errors.ts';
import { describeValue } from '../../core/options.ts';
import type { Actuator } from '../actuator.ts';
import { AgentPart } from '../agent-part.ts';
import { neighborAround } from '../area-at-hand.ts';
import { findKey, type Key, meantKey } from '../keys.ts';
import { requirePartOptions } from '../part-options.ts';
import { type Modifiers, sendKey } from '../send-key.ts';

/** Options of a {@link KeyActuator}. */
export interface KeyActuatorOptions {
  /**
   * Keys by `KeyboardEvent.code`, such as `'KeyW'`, `'ArrowUp'` or `'Space'`: one branch each, 0 = up, 1 = held. A list of
   * keys is one branch that holds at most one of them: 0 = none, 1 = the first …
   */
  readonly keys: readonly (string | readonly string[])[];
  /** `keys` by default */
  readonly name?: string;
}

/**
 * Presses keys, so that an agent plays a game with its existing controls:
 *
 *   new KeyActuator({ keys: [['KeyW', 'KeyS'], ['KeyA', 'KeyD'], 'Space'] }) // branches of 3, 3 and 2
 *
 * A newly chosen key is pressed before the decision's first physics step and held, without repeats, until a decision
 * chooses otherwise. All keys are released when the agent's episode ends or nothing drives it anymore. Events match a US
 * keyboard. They reach listeners on Babylon's scene, action managers and devices; in a page also those on the canvas,
 * `document` and `window`.
 */
export class KeyActuator extends AgentPart implements Actuator {
  readonly continuous = 0;
  readonly branches: readonly number[];
  /** [branches] the keys of each branch, choice 1 first */
  readonly #keys: readonly (readonly Key[])[];
  /** [branches] the choice held now */
  readonly #held: Uint8Array;
  readonly #modifiers: Modifiers = { shiftKey: false, ctrlKey: false, altKey: false };

  constructor(options: KeyActuatorOptions) {
    const { keys, name = 'keys' } = requirePartOptions('Actuator', 'keys', options, { keys: someKeys });
    super(name);
    const groups = keys.map((group) => (typeof group === 'string' ? [group] : group));
    this.#keys = groups.map((codes) => codes.map((code) => requireKey(`Actuator "${name}"`, code)));
    const codes = groups.flat();
    const twice = codes.find((code, i) => codes.indexOf(code) !== i);
    if (twice)
      throw new AgentsError(
        `Actuator "${name}" has key "${twice}" twice. Name each once, alone or in one of the lists.`,
      );
    this.branches = groups.map(({ length }) => 1 + length);
    this.#held = new Uint8Array(groups.length);
  }

  protected override onAttach(node: TransformNode): void {
    if (!neighborAround(node)) return;
    throw new AgentsError(
      `Actuator "${this.name}" presses keys of a whole scene, and that of node "${node.name}" has several areas, which would all hear them. Give the environment a \`createScene\`, so that each area has a scene of its own.`,
    );
  }

  override detach(): void {
    this.release();
    super.detach();
  }

  apply(action: Float32Array, offset: number): void {
    for (let b = 0; b < this.#held.length; b++) if (this.#held[b] !== action[offset + b]) this.#letGo(b);
    for (let b = 0; b < this.#held.length; b++)
      if (this.#held[b] !== action[offset + b]) this.#press(b, action[offset + b]);
  }

  release(): void {
    for (let b = 0; b < this.#held.length; b++) this.#letGo(b);
  }

  #press(branch: number, choice: number): void {
    this.#held[branch] = choice;
    this.#send('keydown', this.#keys[branch][choice - 1]);
  }

  #letGo(branch: number): void {
    const choice = this.#held[branch];
    if (choice === 0) return;
    this.#held[branch] = 0;
    this.#send('keyup', this.#keys[branch][choice - 1]);
  }

  #send(type: 'keydown' | 'keyup', key: Key): void {
    const modifier = MODIFIERS[key.key];
    if (modifier) this.#modifiers[modifier] = type === 'keydown';
    sendKey(this.node.getScene(), type, key, this.#modifiers);
  }
}

const MODIFIERS: Readonly<Record<string, keyof Modifiers>> = { Shift: 'shiftKey', Control: 'ctrlKey', Alt: 'altKey' };

function someKeys(value: unknown): string | undefined {
  const isGroup = (group: unknown) => typeof group === 'string' || (Array.isArray(group) && group.length > 0);
  return Array.isArray(value) && value.length > 0 && value.every(isGroup)
    ? undefined
    : "a list of keys, or of lists of keys of which one at a time is held, such as [['KeyA', 'KeyD'], 'Space']";
}

function requireKey(who: string, code: unknown): Key {
  const key = typeof code === 'string' ? findKey(code) : undefined;
  if (key) return key;
  throw new AgentsError(
    `${who} has no key ${describeValue(code)}.${meantKey(code)} Name keys by their \`KeyboardEvent.code\`, such as "KeyW", "ArrowUp", "Digit1" or "ShiftLeft".`,
  );
}
