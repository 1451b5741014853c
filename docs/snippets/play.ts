import type { Scene } from '@babylonjs/core/scene.js';
import { enablePhysics, loadPolicy, play } from 'babylon-agents';
import { roller } from './roller-game/src/roller.ts';

export async function start(scene: Scene) {
  // snippet: play
  await enablePhysics(scene);
  await play(roller, scene, await loadPolicy('roller.safetensors'));
  // snippet end
}
