import { environments } from '../demo-scenes/catalog.ts';
import { exposeEnvironments } from '../workers/index.ts';
import { tasks } from './tasks/catalog.ts';

exposeEnvironments({
  ...environments,
  ...tasks,
  walker: {
    environment: async () => (await import('./environments/walker.ts')).walker,
    training: async () => ({ learningRate: 5e-4, minibatch: 1024, hidden: [128, 128] }),
  },
});
