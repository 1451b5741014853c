import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { AgentsError, messageOf } from '../plugin/core/errors.ts';
import type { Environment } from '../plugin/scene/environment.ts';
import { withinSeconds } from './load-deadline.ts';

/** Makes a scene with an environment's createScene(), on an engine that draws nothing. */
export async function createOwnScene(environment: Environment, engine: AbstractEngine): Promise<Scene> {
  const what = `createScene() of environment "${environment.name}"`;
  const before = new Set(engine.scenes);
  const scene = await withinSeconds(environment.loadTimeout, what, async () => {
    try {
      return await environment.createScene!(engine);
    } catch (error) {
      throw asAgentsError(what, error);
    }
  });
  if (typeof scene?.getEngine !== 'function')
    throw new AgentsError(`${what} returned ${scene === null ? 'null' : typeof scene}. Return the scene.`);
  if (scene.getEngine() !== engine)
    throw new AgentsError(`${what} made its scene with an engine of its own. Use the engine that it is given.`);
  if (before.has(scene))
    throw new AgentsError(
      `${what} returned the scene of another area. Make a new one each time that it is called: training has several.`,
    );
  return scene;
}

/** What a worker has not got, and a page has. */
const PAGE_ONLY = /(document|window|HTML\w+|Image|AudioContext|OffscreenCanvas|localStorage|alert) is not defined/;

/** An error from a scene's code, with what training has to do with it. */
function asAgentsError(what: string, error: unknown): AgentsError {
  const message = messageOf(error);
  const advice = PAGE_ONLY.test(message)
    ? 'Training has no page: put what needs one into `if (engine.getRenderingCanvas()) { … }`, which is null there'
    : 'It runs in training as it does in the page, without a canvas';
  return new AgentsError(`${what} failed: ${message.replace(/\.?$/, '.')} ${advice}.`, { cause: error });
}
