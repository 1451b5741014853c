import type { AreasView } from '../view.ts';

/** Islands of slate with a brick wall across; the goal behind it has the color of the cube's return. */
export const view: AreasView = {
  spacing: 42, // out of reach of each other's rays, as in training
  floor: -1,
  near: { target: [0, 0.6, -0.5], distance: 50 },
  angles: { around: -Math.PI / 2.9, down: 0.98 },
  colors: {
    floor: { light: '#dfe6ea', dark: '#3a444d' },
    wall: { light: '#c4694f', dark: '#a9573f' },
    goal: { light: '#8fd9e8', dark: '#4aa9bd' },
    block: { light: '#e9b949', dark: '#d9a63a' },
    cube: { light: '#5a4fcf', dark: '#8f86ff' },
    visor: { light: '#171433', dark: '#0e0c22' },
  },
  tinted: ['goal'],
  returns: { worst: -1, best: 1 },
  keys: {
    bindings: [
      { keys: ['ArrowUp', 'KeyW'], entry: 0, value: 1, does: 'ahead' },
      { keys: ['ArrowDown', 'KeyS'], entry: 0, value: 2, does: 'back' },
      { keys: ['ArrowLeft', 'KeyA'], entry: 1, value: 1, does: 'turn left' },
      { keys: ['ArrowRight', 'KeyD'], entry: 1, value: 2, does: 'turn right' },
      { keys: ['KeyQ'], entry: 2, value: 1, does: 'step to its left' },
      { keys: ['KeyE'], entry: 2, value: 2, does: 'step to its right' },
      { keys: ['Space'], entry: 3, value: 1, does: 'jump' },
    ],
  },
};
