// snippet: worker
import { exposeEnvironments } from 'babylon-agents/worker';

exposeEnvironments({
  'beacon-yard': {
    environment: async () => (await import('./environment.ts')).beaconYard,
    training: async () => ({ areas: 32, learningRate: 1e-3, epochs: 4, discount: 0.98, maxDecisions: 500_000 }),
  },
});
// snippet end
