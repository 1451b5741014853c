import type { SceneAbout } from '../about.ts';

export const about: SceneAbout = {
  title: 'Grid world',
  sentence: 'A walker on a checkered board is told which of two symbols to reach, and must not step on the other.',
  policies: ['grid-world.safetensors'],
  score: { unity: 'GridWorld', benchmark: 0.8, bar: 0.8 },
};
