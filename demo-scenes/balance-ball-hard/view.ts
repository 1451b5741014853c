import { view as balanceBall } from '../balance-ball/view.ts';
import type { AreasView } from '../view.ts';

/** Stacks of nine slabs, one for each decision that the agent observes, in the color of their return; dark gaps and pink balls. */
export const view: AreasView = {
  ...balanceBall,
  angles: { around: -Math.PI / 1.7, down: 0.98 },
  colors: {
    platform: { light: '#2b2d42', dark: '#0d0f16' },
    slabs: { light: '#fff1dc', dark: '#8a7f9c' },
    ball: { light: '#d6336c', dark: '#ff6b9a' },
  },
  tinted: ['slabs'],
};
