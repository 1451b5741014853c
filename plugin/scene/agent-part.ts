import type { Behavior } from '@babylonjs/core/Behaviors/behavior.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { AgentsError } from '../core/errors.ts';

/**
 * What sensors and actuators have in common: a Babylon behavior of one node. Derive from it, or write the few members
 * of a Behavior yourself.
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
        `"${this.name}" hangs on node "${this.attachedNode.name}" and cannot hang on "${node.name}" as well. Create a second one.`,
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

  /** The node it hangs on; throws before it is attached. */
  get node(): TransformNode {
    if (this.attachedNode) return this.attachedNode;
    throw new AgentsError(`"${this.name}" hangs on no node. Give it to an agent, or to a node below the agent's.`);
  }

  /** Called once with the node: the place to fetch what observe() or apply() needs, and to throw when it is not there. */
  protected onAttach(_node: TransformNode): void {}
}
