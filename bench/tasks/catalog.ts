import type { CatalogEntry } from '../../workers/catalog.ts';
import type { Dynamics } from './dynamics.ts';

/** A task of the literature. */
export interface KnownTask extends CatalogEntry {
  /** what it is called elsewhere */
  readonly title: string;
}

/** Tasks whose results are known from other implementations, by the names of their environments. */
export const tasks: Readonly<Record<string, KnownTask>> = {
  cartpole: arithmetic('CartPole-v1', async () => (await import('./cartpole.ts')).cartpole),
  acrobot: arithmetic('Acrobot-v1', async () => (await import('./acrobot.ts')).acrobot),
  pendulum: arithmetic('Pendulum-v1', async () => (await import('./pendulum.ts')).pendulum),
  'mountain-car': arithmetic('MountainCar-v0', async () => (await import('./mountain-car.ts')).mountainCar),
  'inverted-double-pendulum': {
    title: 'InvertedDoublePendulum (Havok)',
    environment: async () => (await import('./havok/inverted-double-pendulum.ts')).invertedDoublePendulum,
  },
  reacher: { title: 'Reacher (Havok)', environment: async () => (await import('./havok/reacher.ts')).reacher },
  hopper: { title: 'Hopper (Havok)', environment: async () => (await import('./havok/hopper.ts')).hopper },
  'half-cheetah': {
    title: 'HalfCheetah (Havok)',
    environment: async () => (await import('./havok/half-cheetah.ts')).halfCheetah,
  },
};

/** A task that is its dynamics alone. Babylon is loaded with the environment, not with the catalog. */
function arithmetic(title: string, load: () => Promise<Dynamics>): KnownTask {
  const environment = async () => (await import('./define-task.ts')).defineTask(await load());
  return { title, environment };
}
