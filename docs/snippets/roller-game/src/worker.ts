// snippet: worker
import { exposeEnvironments } from 'babylon-agents/worker';

exposeEnvironments({
  roller: {
    environment: async () => (await import('./roller.ts')).roller,
    training: async () => ({ learningRate: 1e-3, maxDecisions: 500_000, until: 0.9 }),
  },
});
// snippet end
