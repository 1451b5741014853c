import { enablePhysics, loadPolicy, play } from 'babylon-agents';
import { roller } from './environment.ts';
import { scene } from './scene.ts';

/** The policies that `npm run train` leaves. Vite reloads the page when there is a newer one. */
const policies = import.meta.glob('../runs/*/policy.safetensors', { query: '?url', import: 'default', eager: true });
const newest = Object.keys(policies)
  .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  .at(-1);
document.title = newest ?? 'Not trained yet: npm run train';

await enablePhysics(scene);
const controller = newest && (await loadPolicy(String(policies[newest])));
const random = () => 2 * Math.random() - 1;
await play(roller, scene, controller || { act: (_, action) => action.set(Array.from(action, random)) }, { count: 9 });
