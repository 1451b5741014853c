import type { EnvironmentCatalog } from '../workers/index.ts';

/** Every demo scene: its name, and where to load it from. */
export const environments: EnvironmentCatalog = {
  'balance-ball': {
    environment: async () => (await import('./balance-ball/environment.ts')).balanceBall,
    training: async () => (await import('./balance-ball/training.ts')).training,
  },
};
