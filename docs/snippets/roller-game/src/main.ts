// snippet: play
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { loadPolicy, playPolicy } from 'babylon-agents';
import { createScene } from './scene.ts';
import '@babylonjs/core/Culling/ray.js'; // for picking with the pointer

const engine = new Engine(document.querySelector('canvas')!);
const { scene, agents, player } = await createScene(engine);
const policy = await loadPolicy('roller.safetensors'); // a URL or bytes
const playback = playPolicy(policy, scene, { agents });
engine.runRenderLoop(() => scene.render());

scene.onPointerPick = (_, { pickedPoint }) => {
  if (pickedPoint) player.position.set(pickedPoint.x, 0.5, pickedPoint.z);
};
// snippet end

playback.onDecisionObservable.add(() => {
  document.title = String(Number(document.title) + 1);
});
