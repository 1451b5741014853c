import type { SceneAbout } from '../about.ts';

export const about: SceneAbout = {
  title: 'Basic',
  sentence: 'A pawn can take a small reward three stones away, or walk on to a large one.',
  policies: ['basic.safetensors'],
  score: { unity: 'Basic', benchmark: 0.93, bar: 0.93, trained: 0.92 }, // 0.93 is the best return possible without a random step
};
