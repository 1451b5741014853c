// snippet: play
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { loadPolicy, play } from 'babylon-agents';
import { beaconYard } from './environment.ts';
import { createScene } from './scene.ts';

const engine = new Engine(document.querySelector('canvas'));
const scene = await createScene(engine);
await play(beaconYard, scene, await loadPolicy('policy.safetensors'));
engine.runRenderLoop(() => scene.render());
// snippet end
