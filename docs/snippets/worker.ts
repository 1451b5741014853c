import { exposeEnvironments } from 'babylon-agents/worker';

exposeEnvironments({ roller: { environment: async () => (await import('./roller-game/src/roller.ts')).roller } });
