import { exposeEnvironments } from '../../workers/index.ts';
import { SHAPES } from './catalog.ts';

/** Enough to see that something learns in it. */
const SMALL = { workers: 1, areas: 2, horizon: 64, minibatch: 64, epochs: 2, hidden: [16], backend: 'wasm' } as const;

exposeEnvironments(
  Object.fromEntries(
    Object.entries(SHAPES).map(([name, environment]) => [name, { environment, training: async () => SMALL }]),
  ),
);
