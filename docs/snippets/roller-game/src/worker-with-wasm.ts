import { exposeEnvironments } from 'babylon-agents/worker';

const catalog = { roller: { environment: async () => (await import('./roller.ts')).roller } };

// snippet: wasm
exposeEnvironments(catalog, { havokWasm: '/assets/HavokPhysics.wasm' });
// snippet end
