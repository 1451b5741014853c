import type { Node } from '@babylonjs/core/node.js';
import { AgentsError } from '../core/errors.ts';

/** Throws if a node that `who` observes was disposed; its position would silently freeze. */
export function requireNotDisposed(node: Node, who: string): void {
  if (node.isDisposed())
    throw new AgentsError(`${who} observes node "${node.name}", which was disposed. Hide it or move it instead.`);
}
