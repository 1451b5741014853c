import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { Agent, ForceActuator, loadPolicy, playPolicy, RaySensor } from 'babylon-agents';

export async function drive(scene: Scene, guard: TransformNode) {
  // snippet: drive
  const eyes = new RaySensor({ tags: ['player', 'wall'] });
  const agent = new Agent({ sensors: [eyes], actuators: [new ForceActuator({ maxForce: 20, axes: 'xz' })] });
  guard.addBehavior(agent, true);
  const playback = playPolicy(await loadPolicy('guard.safetensors'), scene, { agents: [agent] });
  // snippet end
  return playback;
}
