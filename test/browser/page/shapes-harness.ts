import { Engine } from '@babylonjs/core/Engines/engine.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { parsePolicy, play, Random } from '../../../plugin/index.ts';
import { SHAPES } from '../../shapes/catalog.ts';
import { type TrainedShape, trainShape } from '../../shapes/train-shape.ts';
import { Display } from './display.ts';

/** Seeds of the episodes that evaluate() plays with its seed 0, and of the actions that it draws. */
const SEEDS = [0, 0xe7a1];
const SAMPLING = [0, 0x5a3b];

/** Trains in workers of the page. */
async function trainHere(name: string): Promise<Omit<TrainedShape, 'policy'>> {
  const createWorker = () => new Worker(new URL('../../shapes/worker.ts', import.meta.url), { type: 'module' });
  const { policy, ...trained } = await trainShape(name, createWorker);
  return trained;
}

/** Plays a policy in the game as the page shows it, on a display of that many frames a second; answers with the episodes' returns. */
async function playHere(name: string, policy: readonly number[], rate: number, episodes: number): Promise<number[]> {
  const environment = await SHAPES[name]();
  const engine = new Engine(document.querySelector('canvas'));
  const scene = await environment.createScene!(engine);
  await scene.whenReadyAsync();
  sparePainting(scene);
  const display = await Display.take();
  const played = parsePolicy(Uint8Array.from(policy));
  played.sampleWith(new Random(...SAMPLING));
  const playback = await play(environment, scene, played, { seeds: SEEDS });
  if (scene.getEngine().activeRenderLoops.length === 0) scene.getEngine().runRenderLoop(() => scene.render());
  const [agent] = playback.clock.policyRows[0].agents;
  const returns: number[] = [];
  playback.onDecisionObservable.add(() => {
    if (!agent.active) returns.push(agent.episodeReturn);
  });
  while (returns.length < episodes) display.show(1 / rate);
  return returns.slice(0, episodes);
}

/** Frames without their pictures: a processor paints few a second, and no rule of a game hangs on them. */
function sparePainting(scene: Scene): void {
  for (const camera of scene.cameras) camera.layerMask = 0;
  scene.renderTargetsEnabled = scene.shadowsEnabled = scene.particlesEnabled = false;
}

const shapes = { trainHere, playHere };

declare global {
  var shapesOfStrangers: typeof shapes;
}

globalThis.shapesOfStrangers = shapes;
