import type { SceneAbout, SceneScore } from '../../demo-scenes/about.ts';
import { environments } from '../../demo-scenes/catalog.ts';

/** A demo scene with a score to reach. */
export interface Rung extends SceneScore {
  /** its environment */
  readonly name: string;
}

/** The scenes that are compared with published scores, as their folders state them. */
export const LADDER: readonly Rung[] = await gatherRungs();

/** The seeds that every scene is trained from. */
export const SEEDS: readonly number[] = [1, 2, 3];

/** A trained policy plays this many episodes from this seed, which no training run uses. */
export const PLAYED = { episodes: 100, seed: 4711 } as const;

async function gatherRungs(): Promise<Rung[]> {
  const scenes = await Promise.all(
    Object.keys(environments).map(async (name) => {
      const { about }: { about: SceneAbout } = await import(`../../demo-scenes/${name}/about.ts`);
      return about.score ? [{ name, ...about.score }] : [];
    }),
  );
  return scenes.flat();
}
