import { exposeEnvironments } from 'babylon-agents/worker';

exposeEnvironments({ roller: { environment: async () => (await import('./roller.js')).roller } });
