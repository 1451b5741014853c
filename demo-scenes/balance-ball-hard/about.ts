import type { SceneAbout } from '../about.ts';

export const about: SceneAbout = {
  title: 'Balance ball, hard',
  sentence: 'The same without velocities: the platform must infer how the ball moves from its last nine observations.',
  policies: ['balance-ball-hard.safetensors'],
  score: { unity: '3DBallHard', benchmark: 100, bar: 95 },
};
