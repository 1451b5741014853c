import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { blame } from '../plugin/core/callback-error.ts';
import { AgentsError } from '../plugin/core/errors.ts';
import type { Environment } from '../plugin/scene/environment.ts';
import { withinSeconds } from './load-deadline.ts';

/** Makes a scene with an environment's createScene(), on an engine that draws nothing. */
export async function createOwnScene(environment: Environment, engine: AbstractEngine): Promise<Scene> {
  const what = `createScene() of environment "${environment.name}"`;
  const before = new Set(engine.scenes);
  const scene = await withinSeconds(environment.loadTimeout, what, async () => {
    try {
      const created = await environment.createScene!(engine);
      if (created?.isLoading) await whenLoaded(created);
      return created;
    } catch (error) {
      throw blame(error, {
        what: 'createScene()',
        environment: environment.name,
        advice: environment.browser ? ONLY_ENGINE : SAME_AS_IN_THE_PAGE,
      });
    }
  });
  if (typeof scene?.getEngine !== 'function')
    throw new AgentsError(`${what} returned ${scene === null ? 'null' : typeof scene}. Return the scene.`);
  if (scene.getEngine() !== engine)
    throw new AgentsError(
      `${what} made its scene with an engine of its own. ${environment.browser ? ONLY_ENGINE : 'Use the engine that it is given, or set `browser: true`, which gives it for `new Engine(canvas)`.'}`,
    );
  if (before.has(scene))
    throw new AgentsError(
      `${what} returned the scene of another area. Make a new one each time that it is called: training has several.`,
    );
  return scene;
}

/**
 * Waits for what a scene goes on loading after its function has returned: a file's nodes, a ground from a height map. Not
 * for textures: they change no world, and some are never ready without a renderer.
 */
export async function whenLoaded(scene: Scene): Promise<void> {
  const { _pendingData: pending } = scene as unknown as { readonly _pendingData: readonly unknown[] };
  while (!pending.every(isTexture)) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Whether it is a texture or what the engine keeps of one: told by their members, since workers load no materials. */
function isTexture(item: unknown): boolean {
  return typeof item === 'object' && item !== null && ('getInternalTexture' in item || 'generateMipMaps' in item);
}

const SAME_AS_IN_THE_PAGE = 'It runs in training as it does in the page, without a canvas.';
const ONLY_ENGINE =
  'It runs in training on stand-ins for a page, with the engine of training for `new Engine(canvas)` alone. Take the engine that createScene() is given in place of any other, such as WebGPUEngine.';
