// snippet: game
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { createScene } from './scene.ts';

const engine = new Engine(document.querySelector('canvas'));
const scene = await createScene(engine);
engine.runRenderLoop(() => scene.render());
// snippet end
