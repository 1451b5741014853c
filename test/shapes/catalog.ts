import type { Environment } from '../../plugin/index.ts';

/** Games in the shapes that Babylon's users write them in, each with an agent added and nothing else changed. */
export const SHAPES: Readonly<Record<string, () => Promise<Environment>>> = {
  ragdoll: async () => (await import('./ragdoll/environment.ts')).ragdoll,
  stars: async () => (await import('./keys/environment.ts')).stars,
  app: async () => (await import('./app/environment.ts')).app,
  terrain: async () => (await import('./terrain/environment.ts')).terrain,
  umd: async () => (await import('./umd/environment.ts')).umd,
  character: async () => (await import('./character/environment.ts')).character,
  doors: async () => (await import('./doors/environment.ts')).doors,
};
