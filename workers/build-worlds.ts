import type { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Scene } from '@babylonjs/core/scene.js';
import type { Notices } from '../plugin/core/notices.ts';
import type { Area } from '../plugin/scene/area.ts';
import { type AreasOptions, buildAreas, requireLayoutsAgree } from '../plugin/scene/areas.ts';
import type { Environment } from '../plugin/scene/environment.ts';
import { enablePhysics } from '../plugin/scene/havok.ts';
import type { HeadlessEngine } from './headless-engine.ts';
import { withinSeconds } from './load-deadline.ts';
import { createOwnScene, whenLoaded } from './own-scene.ts';

/** All areas in one scene, with a Havok world that they share; `wasm` is Havok's WebAssembly file where it must be handed in. */
export async function buildSharedWorld(
  environment: Environment,
  engine: NullEngine,
  options: AreasOptions,
  wasm: ArrayBuffer | string | undefined,
): Promise<readonly Area[]> {
  const scene = new Scene(engine);
  await enablePhysics(scene, wasm === undefined ? {} : { wasm });
  return await build(environment, scene, options);
}

/** One scene after another, each with its one area. */
export async function buildOwnScenes(
  environment: Environment,
  engine: HeadlessEngine,
  { count = 1, first = 0, ...options }: AreasOptions,
  notices: Notices,
): Promise<readonly Area[]> {
  const pages = environment.browser
    ? await (await import('./browser/pages.ts')).Pages.open(engine, notices)
    : undefined;
  const areas: Area[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const own = pages?.enclose(environment) ?? environment;
      const scene = await createOwnScene(own, engine);
      areas.push(...(await build(own, scene, { ...options, first: first + i })));
    }
  } finally {
    pages?.built();
  }
  requireLayoutsAgree(areas);
  return areas;
}

function build(environment: Environment, scene: Scene, options: AreasOptions): Promise<readonly Area[]> {
  const what = `build() of environment "${environment.name}"`;
  return withinSeconds(environment.loadTimeout, what, async (requests) => {
    const areas = await buildAreas(environment, scene, options);
    await whenLoaded(what, scene, requests);
    return areas;
  });
}
