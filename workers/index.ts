/**
 * What a worker file calls to serve environments to training.
 *
 * @module
 */

export { type CatalogEntry, type EnvironmentCatalog, requireEnvironment } from './catalog.ts';
export { exposeEnvironments } from './expose-environments.ts';
export type { WorkerPlatform } from './rollout-service.ts';
