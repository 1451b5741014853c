import type { Scene } from '@babylonjs/core/scene.js';
import {
  type Agent,
  enablePhysics,
  loadPolicy,
  type Playback,
  type Policy,
  type PolicyPlayback,
  play,
  playPolicy,
} from 'babylon-agents';
import { roller } from './roller.ts';

export function playSampled(scene: Scene, policy: Policy, agents: readonly Agent[]): PolicyPlayback {
  // snippet: sample
  return playPolicy(policy, scene, { agents, seed: 7 }); // the same draws from the same seed
  // snippet end
}

export async function playTask(scene: Scene, policy: Policy): Promise<Playback> {
  // snippet: environment
  await enablePhysics(scene);
  return play(roller, scene, policy, { count: 4 }); // builds four areas; dispose() removes them
  // snippet end
}

export async function swap(playback: PolicyPlayback): Promise<void> {
  // snippet: swap
  playback.control(await loadPolicy('stronger.safetensors')); // takes over at the next decision
  // snippet end
}

export function come(playback: PolicyPlayback, newcomer: Agent): void {
  // snippet: crowd
  playback.add(newcomer); // joins the batch at the next decision
  newcomer.terminate(); // out of play: it no longer acts
  newcomer.beginEpisode(); // back in play
  playback.remove(newcomer); // no longer controlled; automatic if its node is disposed
  // snippet end
}

export function hold(playback: PolicyPlayback): void {
  // snippet: time
  playback.paused = true; // no decisions, no physics
  playback.speed = 0.5; // slow motion: the same steps, fewer per second
  playback.dispose(); // the agents and the scene stay as they are
  // snippet end
}

export async function start(scene: Scene): Promise<void> {
  // snippet: wasm
  await enablePhysics(scene, { wasm: '/assets/HavokPhysics.wasm' }); // its URL, or its bytes
  // snippet end
}
