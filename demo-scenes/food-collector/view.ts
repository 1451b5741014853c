import type { AreasView } from '../view.ts';

/** Meadows with golden and purple food; foragers take the color of their return, and are boxes of ice while frozen. */
export const view: AreasView = {
  spacing: 112,
  floor: -1,
  near: { target: [0, 0, -4], distance: 172 },
  angles: { around: -Math.PI / 2.25, down: 0.78 },
  colors: {
    ground: { light: '#dfeccf', dark: '#2c3a2e' },
    wall: { light: '#86ab74', dark: '#4f6b4b' },
    food: { light: '#f5a80c', dark: '#ffc233' },
    badFood: { light: '#7a3fa8', dark: '#a560d8' },
    forager: { light: '#2f6fd6', dark: '#5c9bff' },
    visor: { light: '#14213a', dark: '#0d1524' },
    ice: { light: '#a9e4ff', dark: '#8bd6fb' },
    laser: { light: '#f0304c', dark: '#ff5a72' },
  },
  tinted: ['forager'],
  returns: { worst: -10, best: 40 },
  keys: {
    bindings: [
      { keys: ['ArrowUp', 'KeyW'], entry: 0, value: 1, does: 'ahead' },
      { keys: ['ArrowDown', 'KeyS'], entry: 0, value: -1, does: 'back' },
      { keys: ['KeyQ'], entry: 1, value: -1, does: 'to its left' },
      { keys: ['KeyE'], entry: 1, value: 1, does: 'to its right' },
      { keys: ['ArrowLeft', 'KeyA'], entry: 2, value: -0.4, does: 'turn left' },
      { keys: ['ArrowRight', 'KeyD'], entry: 2, value: 0.4, does: 'turn right' },
      { keys: ['Space'], entry: 3, value: 1, does: 'freeze others' },
    ],
  },
};
