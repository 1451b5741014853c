import { Engine } from '@babylonjs/core/Engines/engine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import policyAddress from '../../../demo-scenes/beacon-yard/beacon-yard.safetensors?url';
import { beaconYard } from '../../../demo-scenes/beacon-yard/environment.ts';
import { createScene, type Yard } from '../../../demo-scenes/beacon-yard/scene.ts';
import { createWorker } from '../../../demo-scenes/platform.ts';
import { loadPolicy, play } from '../../../plugin/index.ts';
import { train } from '../../../plugin/training.ts';

/** What came of some updates in the page's own workers. */
export interface TrainedYard {
  readonly agents: number;
  readonly decisions: readonly number[];
  readonly changed: boolean;
}

/** What a rendered yard did with its shipped policy. */
export interface PlayedYard {
  readonly score: number;
  /** m that the craft went */
  readonly way: number;
  readonly nodesBefore: number;
  readonly nodesAfter: number;
}

async function trainYard(updates: number): Promise<TrainedYard> {
  const settings = { seed: 3, workers: 1, areas: 2, horizon: 32, epochs: 1, backend: 'wasm', createWorker } as const;
  const decisions: number[] = [];
  const weights: Float32Array[] = [];
  let agents = 0;
  for await (const event of train('beacon-yard', settings)) {
    if (event.kind === 'started') agents = event.agents;
    if (event.kind !== 'update') continue;
    decisions.push(event.decisions);
    weights.push(event.weights.slice());
    if (event.update === updates) break;
  }
  return { agents, decisions, changed: weights[0].some((value, i) => value !== weights.at(-1)?.[i]) };
}

/** Draws the yard as its game does, hands it to the policy, and lets so many seconds of it pass at once. */
async function playYard(seconds: number): Promise<PlayedYard> {
  const engine = new Engine(document.getElementById('stage') as HTMLCanvasElement);
  const scene = await createScene(engine);
  const craft = scene.getTransformNodeByName('craft')!;
  const nodesBefore = scene.getNodes().length;
  const playback = await play(beaconYard, scene, await loadPolicy(policyAddress));
  const last = craft.absolutePosition.clone();
  let way = 0;
  for (let frame = 0; frame < seconds * 60; frame++) {
    playback.advance(1 / 60);
    way += Vector3.Distance(craft.computeWorldMatrix(true).getTranslation(), last);
    last.copyFrom(craft.absolutePosition);
  }
  await scene.whenReadyAsync();
  scene.render();
  playback.dispose();
  return { score: (scene.metadata as Yard).score, way, nodesBefore, nodesAfter: scene.getNodes().length };
}

const yardHarness = { trainYard, playYard };

declare global {
  var yards: typeof yardHarness;
}

globalThis.yards = yardHarness;
