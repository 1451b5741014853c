import { exposeEnvironments } from 'babylon-agents/worker';

/** What `npm run train` finds: your environments, and the settings to train each with. */
exposeEnvironments({
  roller: {
    environment: async () => (await import('./environment.ts')).roller,
    training: async () => ({ learningRate: 2e-3, maxDecisions: 500_000, until: 1 }), // until the mean return is 1
  },
});
