import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { blame } from '../plugin/core/callback-error.ts';
import { AgentsError } from '../plugin/core/errors.ts';
import type { Environment } from '../plugin/scene/environment.ts';
import { keepDevices } from '../plugin/scene/send-key.ts';
import type { HeadlessEngine } from './headless-engine.ts';
import { withinSeconds } from './load-deadline.ts';
import { requireLoaded } from './load-faults.ts';
import { addLoss } from './losses.ts';
import type { RequestWatch } from './request-watch.ts';

/** Makes a scene with an environment's createScene(), on an engine that draws nothing. */
export async function createOwnScene(environment: Environment, engine: AbstractEngine): Promise<Scene> {
  const what = `createScene() of environment "${environment.name}"`;
  const before = new Set(engine.scenes);
  const scene = await withinSeconds(environment.loadTimeout, what, async (requests) => {
    const created = await callCreateScene(environment, engine);
    if (created?.getEngine?.() === engine) await whenLoaded(what, created, requests);
    return created;
  });
  if (typeof scene?.getEngine !== 'function')
    throw new AgentsError(`${what} returned ${scene === null ? 'null' : typeof scene}. Return the scene.`);
  if (scene.getEngine() !== engine)
    throw new AgentsError(
      `${what} made its scene with its own engine. ${environment.browser ? ONLY_ENGINE : 'Use the engine it is given, or set `browser: true`, which gives it for `new Engine(canvas)`.'}`,
    );
  if (before.has(scene))
    throw new AgentsError(
      `${what} returned the scene of another area. Create a new one at every call: training has several.`,
    );
  if (!environment.browser) keepDevices(scene); // else its page has done so
  return scene;
}

async function callCreateScene(environment: Environment, engine: AbstractEngine): Promise<Scene> {
  try {
    return await environment.createScene!(engine);
  } catch (error) {
    const advice = environment.browser ? ONLY_ENGINE : SAME_AS_IN_THE_PAGE;
    throw blame(error, { what: 'createScene()', environment: environment.name, advice });
  }
}

/**
 * Waits for what a scene goes on loading after its function has returned: requests, a file's nodes, a ground from a height map, and what the game
 * does when the scene is ready. Not for textures: they change no world, and some are never ready without a renderer.
 *
 * @param what for a person: `createScene() of environment "yard"`
 */
export async function whenLoaded(what: string, scene: Scene, requests: RequestWatch): Promise<void> {
  const engine = scene.getEngine() as HeadlessEngine;
  const { _pendingData: pending } = scene as unknown as SceneInside;
  const isUnready = () => (scene as unknown as SceneInside)._executeWhenReadyTimeoutId !== null;
  const deadline = performance.now() + PATIENCE_MS;
  const isLoading = () => requests.open.length > 0 || engine.decoding > 0 || !pending.every(isTexture);
  const isAwaited = () => isUnready() && performance.now() < deadline && !impatient.has(engine);
  // what has come may ask for more in a moment
  if (isLoading() || isAwaited())
    for (let quiet = 0; quiet < 3; quiet = isLoading() || isAwaited() ? 0 : quiet + 1) await pause(2);
  if (isUnready() && !impatient.has(engine)) addLoss(describeUnready(what, scene));
  if (isUnready()) impatient.add(engine);
  requireLoaded(what, scene, requests);
}

/** Private members of Babylon's scene. */
interface SceneInside {
  readonly _pendingData: readonly unknown[];
  readonly _executeWhenReadyTimeoutId: unknown;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Those of worlds one of whose scenes never became ready: the others will not, either. */
const impatient = new WeakSet<AbstractEngine>();

/** How long a scene may take to become ready, beyond its loading. */
const PATIENCE_MS = 10_000;

function describeUnready(what: string, scene: Scene): string {
  const meshes = scene.meshes.filter((mesh) => mesh.subMeshes?.length > 0 && !mesh.isReady(true));
  const names = [...meshes, ...scene.textures.filter((texture) => !texture.isReady())].map(({ name }) => `"${name}"`);
  return `${what} waits for its scene to be ready, as with executeWhenReady(), but after ${PATIENCE_MS / 1000} s it is not, so that code has not run.${names.length > 0 ? ` Not ready: ${names.slice(0, 5).join(', ')}.` : ''}`;
}

/** Whether it is a texture or what the engine keeps of one: told by their members, since workers load no materials. */
function isTexture(item: unknown): boolean {
  return typeof item === 'object' && item !== null && ('getInternalTexture' in item || 'generateMipMaps' in item);
}

const SAME_AS_IN_THE_PAGE = 'It runs in training as it does in the page, without a canvas.';
const ONLY_ENGINE =
  'It runs in training on stand-ins for a page, with the engine of training for `new Engine(canvas)` alone. Take the engine that createScene() is given in place of any other, such as WebGPUEngine, and have one copy of @babylonjs/core.';
