import type { SceneAbout } from '../about.ts';

export const about: SceneAbout = {
  title: 'Beacon yard',
  sentence: 'A hovercraft in a scene from a glTF file steers around crates and tanks, from one beacon to the next.',
  policies: ['beacon-yard.safetensors'],
};
