import type { SceneAbout } from '../about.ts';

export const about: SceneAbout = {
  title: 'Push block',
  sentence: 'A cube that sees with rays pushes a block into the goal, wherever the two begin.',
  policies: ['push-block.safetensors'],
  score: { unity: 'PushBlock', benchmark: 4.5, bar: 4.5 },
};
