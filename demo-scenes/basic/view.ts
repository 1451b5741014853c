import type { AreasView } from '../view.ts';

/** Stepping stones in a ring above an endless floor; a pawn in the color of its return, and hoops around the stones that end its walk. */
export const view: AreasView = {
  spacing: 8.6,
  floor: -0.2,
  near: { target: [0, 0.3, 0], distance: 17 },
  angles: { around: -Math.PI / 2.15, down: 0.75 },
  colors: {
    stones: { light: '#ffffff', dark: '#55617a' },
    pawn: { light: '#ffffff', dark: '#8d9bb8' },
    small: { light: '#f3b94a', dark: '#ffc95c' },
    large: { light: '#d6336c', dark: '#ff6b9a' },
  },
  returns: { worst: 0, best: 0.93 },
  keys: {
    bindings: [
      { keys: ['ArrowLeft', 'KeyA'], entry: 0, value: 1, does: 'one stone back' },
      { keys: ['ArrowRight', 'KeyD'], entry: 0, value: 2, does: 'one stone ahead' },
    ],
  },
};
