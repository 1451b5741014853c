import { exposeEnvironments } from 'babylon-agents/worker';

exposeEnvironments({
  tag: {
    environment: async () => (await import('./tag.ts')).tag,
    training: async () => ({ maxDecisions: 1_000_000 }),
  },
});
