import type { OnDash, Source, Wish } from './source.ts';

/** share of a stick's way that counts as rest */
const DEAD = 0.15;

/** The left stick of every gamepad pushes, its first buttons dash. */
export function readGamepads(onDash: OnDash): Source {
  let wasDown = false;
  return {
    add(wish: Wish) {
      let down = false;
      for (const pad of navigator.getGamepads?.() ?? []) {
        if (!pad) continue;
        const [x = 0, y = 0] = pad.axes;
        if (Math.hypot(x, y) > DEAD) {
          wish.x += x;
          wish.z -= y;
        }
        down ||= pad.buttons.slice(0, 4).some(({ pressed }) => pressed);
      }
      if (down && !wasDown) onDash();
      wasDown = down;
    },
  };
}
