import type { SceneAbout } from '../about.ts';

export const about: SceneAbout = {
  title: 'Wall jump',
  sentence:
    'A cube jumps over a low wall; to cross a high one, it first pushes a block there to climb on. Two policies take turns.',
  policies: ['wall-jump.safetensors', 'small-wall.safetensors'],
  score: { unity: 'WallJump', benchmark: 0.8, bar: 0.8 },
};
