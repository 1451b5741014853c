import type { SceneAbout } from '../about.ts';

export const about: SceneAbout = {
  title: 'Balance ball',
  sentence: 'Each platform tilts about two axes and must keep its ball from falling off.',
  policies: ['balance-ball.safetensors'],
  score: { unity: '3DBall', benchmark: 100, bar: 95 },
};
