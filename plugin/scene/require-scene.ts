import type { Scene } from '@babylonjs/core/scene.js';
import { AgentsError } from '../core/errors.ts';
import { describeValue } from '../core/options.ts';

/**
 * Throws unless `scene` is a Babylon scene, from any copy of Babylon. Catches arguments in the wrong order.
 *
 * @param call the call as it should read, such as `play(environment, scene, controllers, options)`
 */
export function requireScene(scene: Scene, call: string): void {
  if (typeof (scene as Partial<Scene> | null | undefined)?.incrementRenderId === 'function') return;
  throw new AgentsError(
    `${call.slice(0, call.indexOf('('))}() got ${describeValue(scene)} instead of a scene. Write \`${call}\`.`,
  );
}
