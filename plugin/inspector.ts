export type { ServiceDefinition } from './inspector/inspector-types.ts';
export { loadAgentsPane, showAgents } from './inspector/show-agents.ts';
