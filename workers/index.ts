export type { CatalogEntry, EnvironmentCatalog } from './catalog.ts';
export { exposeEnvironments } from './expose-environments.ts';
export type { WorkerPlatform } from './rollout-service.ts';
