// snippet: worker
import { exposeEnvironments } from 'babylon-agents/worker';

exposeEnvironments({
  'beacon-yard': { environment: async () => (await import('./environment.ts')).beaconYard },
});
// snippet end
