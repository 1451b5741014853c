import type { View } from '../view.ts';

/** Rings that fall away over a deep floor, and two bots in each whose colors tell them apart. */
export const view: View = {
  spacing: 14.5,
  floor: -3,
  near: { target: [0, 0.2, 0], distance: 34 },
  angles: { around: -Math.PI / 2.3, down: 0.92 },
  colors: {
    'ring-0': { light: '#ffffff', dark: '#4d5870' },
    'ring-1': { light: '#e4eaf5', dark: '#606d8a' },
    'ring-2': { light: '#cdd8ea', dark: '#7886a6' },
    first: { light: '#0f9bd1', dark: '#38d5ff' },
    second: { light: '#e8532a', dark: '#ff8a5c' },
  },
  tinted: [],
  returns: { worst: -1, best: 1 },
  keys: {
    bindings: [
      { keys: ['ArrowLeft', 'KeyA'], entry: 0, value: -1, does: 'push to its left' },
      { keys: ['ArrowRight', 'KeyD'], entry: 0, value: 1, does: 'push to its right' },
      { keys: ['ArrowUp', 'KeyW'], entry: 1, value: 1, does: 'push at the opponent' },
      { keys: ['ArrowDown', 'KeyS'], entry: 1, value: -1, does: 'push away from it' },
      { keys: ['Space'], entry: 2, value: 1, does: 'dash' },
    ],
  },
};
