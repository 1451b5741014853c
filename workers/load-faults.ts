import type { Scene } from '@babylonjs/core/scene.js';
import { AgentsError } from '../plugin/core/errors.ts';
import type { HeadlessEngine } from './headless-engine.ts';
import { addLoss } from './losses.ts';
import type { RequestWatch } from './request-watch.ts';

const IMAGE = /\.(png|jpe?g|webp|gif|bmp|avif)(\?.*)?$/i;
const PUT =
  'Put it where the page’s server has it; without a server, files are loaded from the project’s `public` folder.';

/**
 * Throws for an image that a scene wanted the pixels of and did not get, and has a warning ready for other files that did not come. Textures load
 * nothing in training: what asks for an image makes a ground of it, a shape or data, and Babylon tells nobody if that fails.
 *
 * @param what for a person: `createScene() of environment "yard"`
 */
export function requireLoaded(what: string, scene: Scene, requests: RequestWatch): void {
  const failed = requests.failed.map((request) => ({
    ...request,
    isImage: request.by === 'xhr' && IMAGE.test(request.address),
  }));
  for (const { address, why, place, isImage } of failed) {
    const asked = `${what} asked for ${isImage ? 'the image ' : ''}"${address}", which ${why}`;
    if (isImage) throw new AgentsError(`${asked}.${withoutIt(scene)} ${PUT}${see(place)}`);
    addLoss(`${asked}: what it brings to the game is missing in training.${see(place)}`);
  }
  const [lost] = (scene.getEngine() as HeadlessEngine).lostImages.splice(0);
  if (!lost) return;
  const image = `The image ${JSON.stringify(requests.addressOf(lost.bytes) ?? `of ${lost.bytes} bytes`)}`;
  throw new AgentsError(`${image} that ${what} asked for ${lost.why}.${withoutIt(scene)}${see(lost.place)}`);
}

/** The grounds that wait for an image. */
function withoutIt(scene: Scene): string {
  const empty = scene.meshes.filter((mesh) => mesh.getClassName() === 'GroundMesh' && mesh.getTotalVertices() === 0);
  return empty.length > 0
    ? ` Ground ${empty.map(({ name }) => `"${name}"`).join(', ')} has no vertices without it.`
    : '';
}

function see(place: string | undefined): string {
  return place === undefined ? '' : ` See ${place}.`;
}
