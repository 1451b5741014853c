import * as Comlink from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { loadOnce } from '../plugin/core/load-once.ts';
import type { LearnerService, RolloutService, WorkerServices } from '../plugin/train/worker-protocol.ts';
import { type EnvironmentCatalog, requireCatalog } from './catalog.ts';
import { resolveAddresses } from './page-addresses.ts';
import type { WorkerPlatform } from './rollout-service.ts';
import { prepareThread } from './thread-errors.ts';

/**
 * Serves `catalog` to the trainer that started this worker. Call it once, as the worker's last statement. The same
 * worker file serves rollouts and the learner: each loads its code (Babylon and Havok, or a learner's backend) when it is
 * first called.
 */
export function exposeEnvironments(
  catalog: EnvironmentCatalog,
  platform: WorkerPlatform = {},
  endpoint?: Comlink.Endpoint,
): void {
  requireCatalog(catalog);
  if (!endpoint) prepareThread();
  const rollouts = loadOnce<[], RolloutService>(async () => {
    const { CatalogRolloutService } = await import('./rollout-service.ts');
    return new CatalogRolloutService(catalog, platform);
  });
  const learners = loadOnce<[], LearnerService>(async () => {
    const { EngineLearnerService } = await import('./learner-service.ts');
    return new EngineLearnerService();
  });

  const services: Awaitable<WorkerServices> = {
    life: { settle: async (page) => resolveAddresses(page), hold: holdLock },
    rollout: {
      names: async () => Object.keys(catalog),
      describe: async (names) => (await rollouts()).describe(names),
      prepare: async (environment) => (await rollouts()).prepare(environment),
      open: async (request) => (await rollouts()).open(request),
      collect: async (weights, seeds, terms) => (await rollouts()).collect(weights, seeds, terms),
      replay: async (history) => (await rollouts()).replay(history),
      evaluate: async (request) => (await rollouts()).evaluate(request),
      check: async (request) => (await rollouts()).check(request),
    },
    learner: {
      open: async (request) => (await learners()).open(request),
      update: async (request) => (await learners()).update(request),
      state: async () => (await learners()).state(),
    },
  };
  Comlink.expose(services, endpoint ?? threadEndpoint());
}

/** Resolves once this thread has the lock, which it gives back only by ending. */
function holdLock(name: string): Promise<void> {
  return new Promise((held, fail) => {
    const forever = () => {
      held();
      return new Promise<never>(() => {});
    };
    navigator.locks.request(name, forever).catch(fail);
  });
}

/** The same interface with every answer a promise, which is what a remote caller sees anyway. */
type Awaitable<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => infer R
    ? (...args: A) => Promise<Awaited<R>>
    : Awaitable<T[K]>;
};

/** The other end of this worker: a port in Node, the global scope in a page's worker. */
function threadEndpoint(): Comlink.Endpoint {
  const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads');
  return threads?.parentPort ? nodeEndpoint(threads.parentPort as never) : (globalThis as unknown as Comlink.Endpoint);
}
