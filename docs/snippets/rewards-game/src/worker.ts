import { exposeEnvironments } from 'babylon-agents/worker';

const far = () => import('./far.ts');
const rewards = () => import('./rewards.ts');

exposeEnvironments({
  far: { environment: async () => (await far()).far },
  'far-with-progress': { environment: async () => (await far()).farWithProgress },
  near: { environment: async () => (await rewards()).near },
  nearer: { environment: async () => (await rewards()).nearer },
  hasty: { environment: async () => (await rewards()).hasty },
  hurried: { environment: async () => (await rewards()).hurried },
});
