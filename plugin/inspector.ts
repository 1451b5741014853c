/**
 * A pane for Babylon’s Inspector that lists agents, live.
 *
 * @module
 */

export type { ServiceDefinition } from './inspector/inspector-types.ts';
export { loadAgentsPane, showAgents } from './inspector/show-agents.ts';
