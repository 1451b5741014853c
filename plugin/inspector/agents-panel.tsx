/** @jsxImportSource react */
import { type ReactNode, useEffect, useRef } from 'react';
import type { Agent } from '../scene/agent.ts';
import type { ListedAgent } from './agent-list.ts';
import type { AgentsWatch } from './agents-watch.ts';
import { describeEpisode, formatEnd, formatNumber } from './format.ts';
import { PANE_STYLE } from './pane-style.ts';
import { ActuatorValues, SensorValues } from './readings.tsx';
import type { Snapshot } from './snapshot.ts';
import { useLiveView } from './use-live-view.ts';

export interface AgentsPanelProps {
  readonly watch: AgentsWatch;
  /** called when a person chooses an agent */
  readonly onSelect: (listed: ListedAgent) => void;
}

/** The pane: the scene's agents by policy with their returns, and all of the selected one. */
export function AgentsPanel({ watch, onSelect }: AgentsPanelProps): ReactNode {
  const { view, root } = useLiveView(watch);
  const { agents, selected, snapshot } = view;
  return (
    <div className="agents-pane" ref={root}>
      <style>{PANE_STYLE}</style>
      {agents.length === 0 && <p className="agents-none">No node of this scene carries an agent.</p>}
      {agents.length > 0 && <AgentList agents={agents} selected={selected} onSelect={onSelect} />}
      {selected && snapshot && <Details listed={selected} snapshot={snapshot} />}
    </div>
  );
}

interface AgentListProps {
  readonly agents: readonly ListedAgent[];
  readonly selected: ListedAgent | undefined;
  readonly onSelect: (listed: ListedAgent) => void;
}

function AgentList({ agents, selected, onSelect }: AgentListProps): ReactNode {
  const policies = [...new Set(agents.map(({ agent }) => agent.policy))];
  return (
    <div className="agents-list">
      {policies.map((policy) => {
        const members = agents.filter(({ agent }) => agent.policy === policy);
        return (
          <div key={policy} data-policy={policy}>
            <h3>
              <span>
                Policy {policy} <small>{members.length === 1 ? '1 agent' : `${members.length} agents`}</small>
              </span>
              <small>return</small>
            </h3>
            <ul>
              {members.map((listed) => (
                <AgentRow
                  key={listed.node.uniqueId}
                  listed={listed}
                  selected={listed.agent === selected?.agent}
                  onSelect={onSelect}
                />
              ))}
            </ul>
          </div>
        );
      })}
    </div>
  );
}

interface AgentRowProps {
  readonly listed: ListedAgent;
  readonly selected: boolean;
  readonly onSelect: (listed: ListedAgent) => void;
}

function AgentRow({ listed, selected, onSelect }: AgentRowProps): ReactNode {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (selected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  return (
    <li ref={row}>
      <button type="button" aria-pressed={selected} onClick={() => onSelect(listed)}>
        <span>{listed.title}</span>
        <span className="agents-number">{formatNumber(listed.agent.episodeReturn)}</span>
      </button>
    </li>
  );
}

function Details({ listed, snapshot }: { readonly listed: ListedAgent; readonly snapshot: Snapshot }): ReactNode {
  const { agent, title } = listed;
  const { lastEpisode } = agent;
  return (
    <div className="agents-details">
      <h3>
        {title} <small>{describeEpisode(agent)}</small>
      </h3>
      <Facts agent={agent} />
      {snapshot.problem !== undefined && <p className="agents-problem">{snapshot.problem}</p>}
      {snapshot.actuators.map((reading) => (
        <ActuatorValues key={reading.name} reading={reading} />
      ))}
      {snapshot.sensors.map((reading) => (
        <SensorValues key={reading.name} reading={reading} />
      ))}
      {lastEpisode && (
        <p className="agents-past">
          Last episode: {formatEnd(lastEpisode)}, return {formatNumber(lastEpisode.return)}
        </p>
      )}
    </div>
  );
}

function Facts({ agent }: { readonly agent: Agent }): ReactNode {
  const facts = [
    ['Return', formatNumber(agent.episodeReturn)],
    ['Decisions', String(agent.decisions)],
    ['Reward', formatNumber(agent.reward)],
    ['Last reward', formatNumber(agent.lastReward)],
  ];
  return (
    <dl className="agents-facts">
      {facts.map(([name, value]) => (
        <div key={name} data-fact={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
