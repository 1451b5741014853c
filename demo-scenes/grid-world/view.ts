import type { AreasView, Colors } from '../view.ts';

const GREEN: Colors = { light: '#2f9e5f', dark: '#4fd08a' };
const RED: Colors = { light: '#e03e3e', dark: '#ff6b6b' };

/** Checkered boards; a walker in the color of its return, which carries a sign with the symbol to reach. */
export const view: AreasView = {
  spacing: 6.6,
  floor: -0.2,
  near: { target: [0, 0.3, 0], distance: 13 },
  angles: { around: -Math.PI / 2.2, down: 0.75 },
  colors: {
    tiles: { light: '#ffffff', dark: '#3a4357' },
    'other-tiles': { light: '#dde3ec', dark: '#4a556d' },
    walker: { light: '#ffffff', dark: '#8d9bb8' },
    plus: GREEN,
    'plus-sign': GREEN,
    ex: RED,
    'ex-sign': RED,
  },
  tinted: ['walker'],
  returns: { worst: -1, best: 1 },
  keys: {
    bindings: [
      { keys: ['ArrowUp', 'KeyW'], entry: 0, value: 1, does: 'one cell up' },
      { keys: ['ArrowDown', 'KeyS'], entry: 0, value: 2, does: 'one cell down' },
      { keys: ['ArrowLeft', 'KeyA'], entry: 0, value: 3, does: 'one cell to the left' },
      { keys: ['ArrowRight', 'KeyD'], entry: 0, value: 4, does: 'one cell to the right' },
    ],
  },
};
