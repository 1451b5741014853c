import type { AreasView } from '../view.ts';

/** Platforms in the color of their return, above an endless floor, and balls that are easy to follow. */
export const view: AreasView = {
  spacing: 8,
  floor: -4.5,
  near: { target: [0, 1.1, 0], distance: 25 },
  angles: { around: -Math.PI / 2.4, down: 1.08 },
  colors: {
    platform: { light: '#ffffff', dark: '#7c8aa3' },
    ball: { light: '#e8532a', dark: '#ff8a5c' },
  },
  returns: { worst: 0, best: 25 },
  keys: {
    smoothing: 0.15,
    bindings: [
      { keys: ['ArrowLeft', 'KeyA'], entry: 0, value: 1, does: 'tilt left' },
      { keys: ['ArrowRight', 'KeyD'], entry: 0, value: -1, does: 'tilt right' },
      { keys: ['ArrowUp', 'KeyW'], entry: 1, value: 1, does: 'tilt away' },
      { keys: ['ArrowDown', 'KeyS'], entry: 1, value: -1, does: 'tilt toward you' },
    ],
  },
};
