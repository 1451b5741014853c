import type { OnDash, Source, Wish } from './source.ts';

/** Which way a key pushes; by its place on the keyboard, so that WASD is where it is on every layout. */
const DIRECTIONS: Readonly<Record<string, readonly [x: number, z: number]>> = {
  ArrowLeft: [-1, 0],
  KeyA: [-1, 0],
  ArrowRight: [1, 0],
  KeyD: [1, 0],
  ArrowUp: [0, 1],
  KeyW: [0, 1],
  ArrowDown: [0, -1],
  KeyS: [0, -1],
};
const DASHES = ['Space', 'ShiftLeft', 'ShiftRight'];

/** WASD or arrows push, space or shift dashes. Keys belong to the game only while `playing` says so. */
export function listenToKeyboard(onDash: OnDash, playing: () => boolean): Source {
  const held = new Set<string>();
  const press = (event: KeyboardEvent) => {
    const { code, ctrlKey, metaKey, altKey, repeat } = event;
    if (ctrlKey || metaKey || altKey || !playing()) return;
    if (code in DIRECTIONS) held.add(code);
    else if (!DASHES.includes(code)) return;
    else if (!repeat) onDash();
    event.preventDefault(); // arrows and space scroll the page, space presses the button that has the focus
  };
  addEventListener('keydown', press);
  addEventListener('keyup', ({ code }) => held.delete(code));
  addEventListener('blur', () => held.clear());
  return {
    add(wish: Wish) {
      for (const code of held) {
        wish.x += DIRECTIONS[code][0];
        wish.z += DIRECTIONS[code][1];
      }
    },
  };
}
