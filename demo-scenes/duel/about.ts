import type { SceneAbout } from '../about.ts';

export const about: SceneAbout = {
  title: 'Duel',
  sentence: 'Two bots, one policy: each tries to push the other off a ring that falls apart.',
  policies: ['policies/hard.safetensors'],
  game: 'duel/',
};
