import type { AreasView } from '../view.ts';

/** Courts of sand with wooden walls; the goal has the color of the cube's return. */
export const view: AreasView = {
  spacing: 31,
  floor: -1,
  near: { target: [0, 0, -0.6], distance: 58 },
  angles: { around: -Math.PI / 2.5, down: 0.86 },
  colors: {
    ground: { light: '#f3ead9', dark: '#4a463f' },
    wall: { light: '#b98a5e', dark: '#8a6a4c' },
    goal: { light: '#9be3c0', dark: '#57b98f' },
    block: { light: '#e2613a', dark: '#f07a50' },
    cube: { light: '#2f6fd6', dark: '#5c9bff' },
    visor: { light: '#14213a', dark: '#0d1524' },
  },
  tinted: ['goal'],
  returns: { worst: -1, best: 5 },
  keys: {
    bindings: [
      { keys: ['ArrowUp', 'KeyW'], entry: 0, value: 1, does: 'ahead' },
      { keys: ['ArrowDown', 'KeyS'], entry: 0, value: 2, does: 'back' },
      { keys: ['KeyQ'], entry: 0, value: 5, does: 'step to its left' },
      { keys: ['KeyE'], entry: 0, value: 6, does: 'step to its right' },
      { keys: ['ArrowLeft', 'KeyA'], entry: 0, value: 4, does: 'turn left' },
      { keys: ['ArrowRight', 'KeyD'], entry: 0, value: 3, does: 'turn right' },
    ],
  },
};
