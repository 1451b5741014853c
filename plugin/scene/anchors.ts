import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { AgentsError } from '../core/errors.ts';
import type { Actuator } from './actuator.ts';
import { isSensor, type Sensor } from './sensor.ts';

const REMEDY =
  'An agent and its nodes must exist as long as their area: to take the agent out of play, call terminate() and hide or move the node.';

/** What an agent was attached with, to tell afterward what it has lost. */
export class Anchors {
  readonly #node: TransformNode;
  /** where each part hung; those that keep no account of it are left out */
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

  /** The name of the agent's node, or of the one that it had last. */
  get nodeName(): string {
    return this.#node.name;
  }

  /** Why an agent that is on no node cannot go on. */
  ofAgent(who: string): AgentsError {
    const happened = this.#node.isDisposed() ? 'has lost its node, which was disposed' : 'was removed from its node';
    return new AgentsError(`${who} ${happened}. ${REMEDY}`);
  }

  /** Why a part cannot go on, as long as it once hung on a node, and does no more or not on a living one; else undefined. */
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
