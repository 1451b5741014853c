import { AgentsError } from '../core/errors.ts';
import type { Agent } from './agent.ts';
import { runtimeOf } from './agent-runtime.ts';

/** Who drives which agents at the moment. */
const drivers = new WeakMap<Agent, string>();

/** Notes that `who` drives these agents from now on; throws, and notes nothing, when somebody drives one of them already. */
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

/** Whether somebody drives an agent. */
export function isDriven(agent: Agent): boolean {
  return drivers.has(agent);
}

/** Leaves them to whoever wants to drive them. */
export function releaseAgents(agents: readonly Agent[]): void {
  for (const agent of agents) {
    drivers.delete(agent);
    runtimeOf(agent).release();
  }
}
