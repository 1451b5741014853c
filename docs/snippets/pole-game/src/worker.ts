import { exposeEnvironments } from 'babylon-agents/worker';

exposeEnvironments({
  pole: {
    environment: async () => (await import('./pole.ts')).pole,
    training: async () => ({ areas: 32, maxDecisions: 400_000, until: 480 }),
  },
});
