import type { ParameterSetting } from '../../../plugin/index.ts';
import type { EnvironmentCatalog } from '../../../workers/index.ts';

/** The first lesson is over as soon as keepers have ended 20 episodes, the second never. */
const BARS: ParameterSetting = {
  lessons: [
    {
      name: 'few bars',
      value: 0.3,
      completion: { measure: 'return', threshold: -1000, policy: 'keeper', minLessonLength: 20 },
    },
    { name: 'more bars', value: 0.6, completion: { measure: 'progress', threshold: 0.9, minLessonLength: 0 } },
    { name: 'only bars', value: 1 },
  ],
};

/** An environment of three policies with lessons, and a preset that would never come to its end. */
export const environments: EnvironmentCatalog = {
  relay: {
    environment: async () => (await import('../../fixtures/relay.ts')).relay,
    training: async () => ({
      ...{ horizon: 64, areas: 8, workers: 2, minibatch: 256, hidden: [16], backend: 'wasm', maxDecisions: 1e9 },
      parameters: { high: BARS },
      policies: { keeper: { hidden: [8] } },
    }),
  },
};
