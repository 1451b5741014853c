import type { SceneAbout } from '../about.ts';

export const about: SceneAbout = {
  title: 'Crawler',
  sentence: 'A round body on four legs walks to one target after another, at the speed it is told.',
  policies: ['crawler.safetensors'],
  score: { unity: 'Crawler', benchmark: 3000, bar: 1500 },
};
