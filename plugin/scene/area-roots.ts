import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';

/** The roots of areas that share a scene with others. */
const roots = new WeakSet<TransformNode>();

/** Notes that what stands below `root` is an area of its own. */
export function markAreaRoot(root: TransformNode): void {
  roots.add(root);
}

/** The root of the area that a node stands in; undefined where its scene is not built of areas. */
export function findAreaRoot(node: TransformNode): TransformNode | undefined {
  for (let at: TransformNode | null = node; at; at = at.parent as TransformNode | null) if (roots.has(at)) return at;
  return undefined;
}
