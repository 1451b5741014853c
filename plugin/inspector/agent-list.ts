import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Node } from '@babylonjs/core/node.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { type Agent, behaviorsOf, isAgent } from '../scene/agent.ts';

/** An agent of a scene and what to call it. */
export interface ListedAgent {
  readonly agent: Agent;
  readonly node: TransformNode;
  /** its outermost ancestor and its own node, `area-3 / platform` */
  readonly title: string;
}

/** All agents of a scene, grouped by policy, else in the order in which their nodes were created. */
export function listAgents(scene: Scene): ListedAgent[] {
  const listed: ListedAgent[] = [];
  for (const node of scene.transformNodes) addAgentOf(node, listed);
  for (const mesh of scene.meshes) addAgentOf(mesh, listed);
  listed.sort((a, b) => a.node.uniqueId - b.node.uniqueId);
  const policies = [...new Set(listed.map(({ agent }) => agent.policy))];
  return policies.flatMap((policy) => listed.filter(({ agent }) => agent.policy === policy));
}

/** The agent attached to an entity of the Inspector, which may be any object. */
export function agentOn(entity: unknown): Agent | undefined {
  return entity instanceof TransformNode ? behaviorsOf(entity).find(isAgent) : undefined;
}

/** The agent that an entity is part of: on it, or on the nearest node above. */
export function agentAround(entity: unknown): Agent | undefined {
  let node: Node | null = entity instanceof TransformNode ? entity : null;
  while (node) {
    const agent = agentOn(node);
    if (agent) return agent;
    node = node.parent;
  }
  return undefined;
}

function addAgentOf(node: TransformNode, listed: ListedAgent[]): void {
  if (node.behaviors.length === 0) return; // most nodes of a scene, and this is asked ten times a second
  const agent = agentOn(node);
  if (agent?.attachedNode === node) listed.push({ agent, node, title: titleOf(node) });
}

function titleOf(node: TransformNode): string {
  let top: Node = node;
  while (top.parent) top = top.parent;
  return top === node ? node.name : `${top.name} / ${node.name}`;
}
