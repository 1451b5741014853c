import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { loadPolicy, type PolicyPlayback, playPolicy } from 'babylon-agents';
import { createBallAgent } from './ball-agent.ts';

export async function start(scene: Scene, platform: Mesh, ball: Mesh): Promise<PolicyPlayback> {
  // snippet: play
  const agent = createBallAgent(platform, ball);
  platform.addBehavior(agent, true);
  return playPolicy(scene, await loadPolicy('3dball.safetensors'), { agents: [agent] });
  // snippet end
}
