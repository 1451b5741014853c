import type { EnvironmentCatalog } from '../workers/index.ts';

/** Every demo scene, loaded on demand. Written by `npm run scenes` from the folders here. */
export const environments: EnvironmentCatalog = {
  'balance-ball': {
    environment: async () => (await import('./balance-ball/environment.ts')).balanceBall,
    training: async () => (await import('./balance-ball/training.ts')).training,
  },
  'balance-ball-hard': {
    environment: async () => (await import('./balance-ball-hard/environment.ts')).balanceBallHard,
    training: async () => (await import('./balance-ball-hard/training.ts')).training,
  },
  basic: {
    environment: async () => (await import('./basic/environment.ts')).basic,
    training: async () => (await import('./basic/training.ts')).training,
  },
  'beacon-yard': {
    environment: async () => (await import('./beacon-yard/environment.ts')).beaconYard,
    training: async () => (await import('./beacon-yard/training.ts')).training,
  },
  crawler: {
    environment: async () => (await import('./crawler/environment.ts')).crawler,
    training: async () => (await import('./crawler/training.ts')).training,
  },
  duel: {
    environment: async () => (await import('./duel/environment.ts')).duel,
    training: async () => (await import('./duel/training.ts')).training,
  },
  'food-collector': {
    environment: async () => (await import('./food-collector/environment.ts')).foodCollector,
    training: async () => (await import('./food-collector/training.ts')).training,
  },
  'grid-world': {
    environment: async () => (await import('./grid-world/environment.ts')).gridWorld,
    training: async () => (await import('./grid-world/training.ts')).training,
  },
  'push-block': {
    environment: async () => (await import('./push-block/environment.ts')).pushBlock,
    training: async () => (await import('./push-block/training.ts')).training,
  },
  'wall-jump': {
    environment: async () => (await import('./wall-jump/environment.ts')).wallJump,
    training: async () => (await import('./wall-jump/training.ts')).training,
  },
};
