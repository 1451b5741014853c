import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { AgentsError } from '../core/errors.ts';
import type { Actuator } from './actuator.ts';
import { isSensor, type Sensor } from './sensor.ts';

const REMEDY =
  'An agent and its nodes must exist as long as their area: to take the agent out of play, call terminate() and hide or move the node.';

/** The nodes and bodies that an agent was attached with, to report later what it has lost. */
export class Anchors {
  readonly #node: TransformNode;
  /** the node of each part; parts that do not track theirs are left out */
  readonly #nodes = new Map<Sensor | Actuator, TransformNode>();
  /** the parts whose nodes had a body */
  readonly #bodied = new Set<Sensor | Actuator>();

  constructor(node: TransformNode, parts: readonly (Sensor | Actuator)[]) {
    this.#node = node;
    for (const part of parts) {
      if (!part.attachedNode) continue;
      this.#nodes.set(part, part.attachedNode);
      if (part.attachedNode.physicsBody) this.#bodied.add(part);
    }
  }

  /** The name of the agent's current or last node. */
  get nodeName(): string {
    return this.#node.name;
  }

  /** The error for an agent that has lost its node. */
  ofAgent(who: string): AgentsError {
    const happened = this.#node.isDisposed() ? 'has lost its node, which was disposed' : 'was removed from its node';
    return new AgentsError(`${who} ${happened}. ${REMEDY}`);
  }

  /** The error for a part whose node or body is gone; undefined if it has lost nothing. */
  ofPart(part: Sensor | Actuator, who: string): AgentsError | undefined {
    const node = this.#nodes.get(part);
    if (!node) return undefined;
    const what = `${isSensor(part) ? 'Sensor' : 'Actuator'} "${part.name}" of ${who}`;
    if (node.isDisposed())
      return new AgentsError(`${what} is attached to node "${node.name}", which was disposed. ${REMEDY}`);
    if (part.attachedNode === null)
      return new AgentsError(`${what} was removed from node "${node.name}". Leave an agent's parts attached.`);
    if (this.#bodied.has(part) && !part.attachedNode.physicsBody)
      return new AgentsError(
        `${what} needs the physics body of node "${part.attachedNode.name}", which was disposed. Move it by respawn() or teleport() instead; to take the agent out of play, call terminate().`,
      );
    return undefined;
  }
}
