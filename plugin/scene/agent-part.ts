import type { Behavior } from '@babylonjs/core/Behaviors/behavior.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { AgentsError } from '../core/errors.ts';

/**
 * The common base of sensors and actuators: a Babylon behavior of one node. Extend it, or implement the few members of
 * Behavior yourself.
 */
export abstract class AgentPart implements Behavior<TransformNode> {
  readonly name: string;
  attachedNode: TransformNode | null = null;

  constructor(name: string) {
    this.name = name;
  }

  init(): void {}

  attach(node: TransformNode): void {
    if (this.attachedNode === node) return;
    if (this.attachedNode) {
      throw new AgentsError(
        `"${this.name}" is attached to node "${this.attachedNode.name}" and cannot be attached to "${node.name}" too. Create a second one.`,
      );
    }
    this.attachedNode = node;
    try {
      this.onAttach(node);
    } catch (error) {
      this.attachedNode = null;
      throw error;
    }
  }

  detach(): void {
    this.attachedNode = null;
  }

  /** The node it is attached to; throws if there is none. */
  get node(): TransformNode {
    if (this.attachedNode) return this.attachedNode;
    throw new AgentsError(
      `"${this.name}" is not attached to a node. Add it to an agent, or to a node below the agent's.`,
    );
  }

  /** Called with the node on attach: the place to fetch what observe() or apply() needs, and to throw if it is missing. */
  protected onAttach(_node: TransformNode): void {}
}
