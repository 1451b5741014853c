import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { AgentsError } from '../core/errors.ts';

/**
 * Throws if thin instances below an area's root have bodies and the area is not at the origin: Babylon places these by the
 * instances' matrices alone, wherever their mesh is.
 */
export function refuseInstancedBodies(root: TransformNode, who: string): void {
  if (root.position.lengthSquared() === 0) return;
  const mesh = root.getChildMeshes(false).find(({ physicsBody }) => physicsBody && physicsBody.numInstances > 0);
  if (!mesh) return;
  throw new AgentsError(
    `${who} gave the thin instances of "${mesh.name}" bodies below area.root, and Babylon puts these where they would be if the area were at the origin. Give each a mesh of its own, as mesh.createInstance() does, or build the scene in createScene.`,
  );
}
