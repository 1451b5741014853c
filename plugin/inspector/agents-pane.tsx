/** @jsxImportSource react */
// The Inspector shows what this adds to meshes, and reports errors in scenes that have not loaded it.
import '@babylonjs/core/Engines/AbstractEngine/abstractEngine.query.js';
import type { ReactNode } from 'react';
import { agentAround, agentOn } from './agent-list.ts';
import { AgentSection } from './agent-section.tsx';
import { AgentsPanel } from './agents-panel.tsx';
import { AgentsWatch } from './agents-watch.ts';
import {
  PropertiesServiceIdentity,
  SceneContextIdentity,
  SelectionServiceIdentity,
  ShellServiceIdentity,
} from './inspector-parts.ts';
import type { PropertiesService, SelectionService, ServiceDefinition, ShellService } from './inspector-types.ts';

/** The side pane "Agents", and the section "Agent" in the properties of nodes that carry one. */
export const agentsPane: ServiceDefinition = {
  friendlyName: 'Agents',
  consumes: [ShellServiceIdentity, PropertiesServiceIdentity, SelectionServiceIdentity, SceneContextIdentity],
  factory(shell, properties, selection, sceneContext) {
    const watch = new AgentsWatch();
    const follow = () => {
      const agent = agentAround(selection.selectedEntity);
      if (agent) watch.select(agent);
    };
    watch.watch(sceneContext.currentScene);
    follow();
    const scenes = sceneContext.currentSceneObservable.add((scene) => watch.watch(scene));
    const selections = selection.onSelectedEntityChanged.add(follow);
    const pane = addPane(shell, selection, watch);
    const section = properties.addSection({ identity: 'Agent', order: -1 }); // above "General"
    const content = addSectionContent(properties, watch);
    return {
      dispose() {
        scenes.remove();
        selections.remove();
        for (const part of [pane, content, section]) part.dispose();
        watch.dispose();
      },
    };
  },
};

/** Below the scene explorer, so that it stays in sight when the Inspector turns to the properties of what is selected. */
function addPane(shell: ShellService, selection: SelectionService, watch: AgentsWatch): { dispose(): void } {
  return shell.addSidePane({
    key: 'Agents',
    title: 'Agents',
    icon: AgentsIcon,
    horizontalLocation: 'left',
    verticalLocation: 'bottom',
    teachingMoment: false,
    content: () => (
      <AgentsPanel
        watch={watch}
        onSelect={({ agent, node }) => {
          watch.select(agent);
          selection.selectedEntity = node;
        }}
      />
    ),
  });
}

function addSectionContent(properties: PropertiesService, watch: AgentsWatch): { dispose(): void } {
  return properties.addSectionContent({
    key: 'Agent',
    predicate: (entity) => agentOn(entity) !== undefined,
    content: [{ section: 'Agent', component: ({ context }) => <AgentSection watch={watch} context={context} /> }],
  });
}

/** A ball on a tilted board, as large as the text around it. */
function AgentsIcon(): ReactNode {
  return (
    <svg width="1em" height="1em" viewBox="0 0 20 20" fill="currentColor" aria-hidden="true">
      <circle cx="9" cy="6.5" r="3.5" />
      <rect x="2" y="12.5" width="16" height="2.5" rx="1.25" transform="rotate(-8 10 13.75)" />
    </svg>
  );
}
