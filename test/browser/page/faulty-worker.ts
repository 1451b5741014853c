/** Environments whose functions go wrong in a page's worker, where nobody maps stacks back. */

import { exposeEnvironments } from '../../../workers/index.ts';
import { defineFaulty } from '../../fixtures/faulty/environments.ts';

const SMALL = { horizon: 8, areas: 2, workers: 1, minibatch: 16, backend: 'wasm', hidden: [4] } as const;
const sound = defineFaulty('create-scene'); // but for the scene, which is left out
const { createScene: _, ...inAreas } = sound;

async function load(): Promise<void> {
  await null;
  throw new TypeError('broken');
}

exposeEnvironments({
  'faulty-after-step': {
    environment: async () => defineFaulty('after-step'),
    training: async () => SMALL,
  },
  'faulty-chance': {
    environment: async () => defineFaulty('chance'),
    training: async () => SMALL,
  },
  timer: {
    environment: async () => ({
      ...inAreas,
      name: 'timer',
      build(area) {
        setTimeout(() => {
          throw new TypeError('broken');
        }, 1);
        return inAreas.build(area);
      },
    }),
    training: async () => SMALL,
  },
  promise: {
    environment: async () => ({
      ...inAreas,
      name: 'promise',
      build(area) {
        void load();
        return inAreas.build(area);
      },
    }),
    training: async () => SMALL,
  },
});
