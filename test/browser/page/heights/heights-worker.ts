import { exposeEnvironments } from '../../../../workers/index.ts';
import { defineHeights } from './environment.ts';

/** In a folder of its own, so that no address is the same beside the page and beside the worker. */
exposeEnvironments({
  heights: { environment: async () => defineHeights('heights', 'hills.png') },
  missing: { environment: async () => defineHeights('missing', 'valleys.png') },
});
