import type { AgentLayout, Controller } from '../../plugin/index.ts';
import type { KeyBinding, KeyBindings } from './key-bindings.ts';

/** Elements that use the keys themselves. */
const CONTROLS = 'input, select, textarea, button, summary, [contenteditable], [role=slider], [role=tab], [role=menu]';

/** One entry of the action, and its position in the mask. */
interface Entry {
  /** choices of a branch; 0 = continuous */
  readonly choices: number;
  readonly maskAt: number;
  readonly bindings: readonly KeyBinding[];
}

/** A person at the keyboard, as a controller: all agents that it drives do the same. */
export class Keyboard implements Controller {
  readonly #bindings: KeyBindings;
  readonly #entries: readonly Entry[];
  readonly #maskSize: number;
  /** how far a continuous entry can move in one decision */
  readonly #pace: number;
  /** the present values of the continuous entries */
  readonly #reached: Float32Array;
  readonly #held = new Set<string>();
  /** pressed since the last decision, and perhaps released again */
  readonly #tapped = new Set<string>();
  #abort: AbortController | undefined;

  /** @param decisionTime duration of a decision [s] */
  constructor(bindings: KeyBindings, layout: AgentLayout, decisionTime: number) {
    this.#bindings = bindings;
    this.#entries = listEntries(bindings, layout);
    this.#maskSize = this.#entries.reduce((sum, { choices }) => sum + choices, 0);
    this.#reached = new Float32Array(this.#entries.length);
    const { smoothing = 0 } = bindings;
    this.#pace = smoothing > 0 ? decisionTime / smoothing : Infinity;
  }

  /** Starts or stops listening to the page's keys. */
  listen(on: boolean): void {
    this.#abort?.abort();
    this.#held.clear();
    this.#tapped.clear();
    this.#reached.fill(0);
    if (!on) return;
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    addEventListener('keydown', (event) => this.#press(event), { signal });
    addEventListener('keyup', ({ code }) => this.#held.delete(code), { signal });
    addEventListener('blur', () => this.#held.clear(), { signal });
  }

  act(_observation: Float32Array, action: Float32Array, mask: Uint8Array): void {
    const size = this.#entries.length;
    for (let at = 0, maskAt = 0; at < action.length; at += size, maskAt += this.#maskSize) {
      for (let i = 0; i < size; i++) {
        const entry = this.#entries[i];
        if (entry.choices > 0) action[at + i] = this.#choose(entry, mask, maskAt + entry.maskAt);
        else action[at + i] = at === 0 ? this.#approach(i, this.#add(entry)) : action[i];
      }
    }
    this.#tapped.clear();
  }

  #press(event: KeyboardEvent): void {
    const { code, target, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey || (target instanceof Element && target.closest(CONTROLS))) return;
    if (!this.#bindings.bindings.some(({ keys }) => keys.includes(code))) return;
    event.preventDefault(); // arrows scroll the page
    this.#held.add(code);
    this.#tapped.add(code);
  }

  #isDown({ keys }: KeyBinding): boolean {
    for (const code of keys) if (this.#held.has(code) || this.#tapped.has(code)) return true;
    return false;
  }

  #add({ bindings }: Entry): number {
    let sum = 0;
    for (const binding of bindings) if (this.#isDown(binding)) sum += binding.value;
    return Math.min(Math.max(sum, -1), 1);
  }

  #approach(i: number, goal: number): number {
    const way = goal - this.#reached[i];
    this.#reached[i] += Math.min(Math.max(way, -this.#pace), this.#pace);
    return this.#reached[i];
  }

  /** The choice of a pressed key, or the first choice; if that is masked, the first that is allowed. */
  #choose({ choices, bindings }: Entry, mask: Uint8Array, maskAt: number): number {
    let choice = 0;
    for (const binding of bindings) if (this.#isDown(binding)) choice = binding.value;
    if (mask[maskAt + choice] === 1) return choice;
    for (let i = 0; i < choices; i++) if (mask[maskAt + i] === 1) return i;
    return choice;
  }
}

function listEntries({ bindings }: KeyBindings, { actuators }: AgentLayout): Entry[] {
  const entries: Entry[] = [];
  let maskAt = 0;
  const add = (choices: number) => {
    const entry = entries.length;
    entries.push({ choices, maskAt, bindings: bindings.filter((binding) => binding.entry === entry) });
    maskAt += choices;
  };
  for (const { continuous, branches } of actuators) {
    for (let i = 0; i < continuous; i++) add(0);
    for (const choices of branches) add(choices);
  }
  return entries;
}
