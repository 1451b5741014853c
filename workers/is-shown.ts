import { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';

/** Whether a node is there to be seen: others wait in a pool. */
export function isShown(node: TransformNode): boolean {
  const mesh = node instanceof AbstractMesh ? node : undefined;
  return node.isEnabled() && mesh?.isVisible !== false && mesh?.visibility !== 0;
}
