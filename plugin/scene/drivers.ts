import { AgentsError } from '../core/errors.ts';
import type { Agent } from './agent.ts';
import { runtimeOf } from './agent-runtime.ts';

/** The current driver of each agent. */
const drivers = new WeakMap<Agent, string>();

/** Registers `who` as the driver of these agents; throws and registers nothing if one of them already has a driver. */
export function claimAgents(agents: readonly Agent[], who: string): void {
  agents.forEach((agent, i) => {
    const driver = drivers.get(agent);
    if (driver === undefined) {
      drivers.set(agent, who);
      return;
    }
    releaseAgents(agents.slice(0, i));
    throw new AgentsError(
      `${who} was given ${agent.label}, which ${driver} drives already. Name each agent once, and dispose the other playback or take the agent out of it first.`,
    );
  });
}

/** Whether an agent has a driver. */
export function isDriven(agent: Agent): boolean {
  return drivers.has(agent);
}

/** Frees these agents for another driver. */
export function releaseAgents(agents: readonly Agent[]): void {
  for (const agent of agents) {
    drivers.delete(agent);
    runtimeOf(agent).release();
  }
}
