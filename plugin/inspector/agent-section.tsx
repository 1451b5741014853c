/** @jsxImportSource react */

import type { ReactNode } from 'react';
import type { Agent } from '../scene/agent.ts';
import { agentOn } from './agent-list.ts';
import type { AgentsWatch } from './agents-watch.ts';
import { describeEpisode, formatActuators, formatEnd, formatNumber, formatSensors } from './format.ts';
import { TextPropertyLine } from './inspector-parts.ts';
import { useLiveView } from './use-live-view.ts';

export interface AgentSectionProps {
  readonly watch: AgentsWatch;
  /** the selected node, which carries an agent */
  readonly context: unknown;
}

/** What the Inspector's properties say of a node's agent. */
export function AgentSection({ watch, context }: AgentSectionProps): ReactNode {
  const { root } = useLiveView(watch); // every look draws it again
  const agent = agentOn(context);
  if (!agent) return null;
  return (
    <div ref={root} data-agent={agent.name}>
      {describe(agent).map(([label, value]) => (
        <TextPropertyLine key={label} label={label} value={value} title={value} />
      ))}
    </div>
  );
}

function describe(agent: Agent): readonly (readonly [label: string, value: string])[] {
  const { layout, lastEpisode } = agent;
  return [
    ['Policy', agent.policy],
    ['Name', agent.name],
    ['Observes', formatSensors(layout.sensors)],
    ['Acts', formatActuators(layout.actuators)],
    ['Episode', describeEpisode(agent)],
    ['Return', formatNumber(agent.episodeReturn)],
    ['Decisions', String(agent.decisions)],
    ['Reward', formatNumber(agent.reward)],
    ['Last reward', formatNumber(agent.lastReward)],
    ['Last episode', lastEpisode ? formatEnd(lastEpisode) : 'none'],
    ['Last return', lastEpisode ? formatNumber(lastEpisode.return) : 'none'],
  ];
}
