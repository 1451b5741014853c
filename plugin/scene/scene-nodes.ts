import type { Behavior } from '@babylonjs/core/Behaviors/behavior.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { isActuator } from './actuator.ts';
import { type Agent, behaviorsOf, isAgent } from './agent.ts';
import { isSensor } from './sensor.ts';

/** A behavior of ours, and the node that it was hung on. */
export interface HungPart {
  readonly node: TransformNode;
  readonly behavior: Behavior<TransformNode>;
}

/** Every node of a scene that may stand somewhere: meshes and transform nodes, in the order in which they were made. */
export function nodesOf(scene: Scene): readonly TransformNode[] {
  return [...scene.transformNodes, ...scene.meshes];
}

/** The sensors, actuators and agents of some nodes; agents after the parts, which is the order to take them off in. */
export function partsOn(nodes: readonly TransformNode[]): readonly HungPart[] {
  const hung = nodes.flatMap((node) => behaviorsOf(node).map((behavior) => ({ node, behavior })));
  const parts = hung.filter(({ behavior }) => isSensor(behavior) || isActuator(behavior));
  return [...parts, ...hung.filter(({ behavior }) => isAgent(behavior))];
}

/** The agents of some nodes, attached. */
export function agentsOn(nodes: readonly TransformNode[]): readonly Agent[] {
  const agents: Agent[] = [];
  for (const node of nodes) {
    for (const behavior of behaviorsOf(node)) {
      if (!isAgent(behavior)) continue;
      if (!behavior.attachedNode) behavior.attach(node); // Babylon defers it while the scene loads
      agents.push(behavior);
    }
  }
  return agents;
}
