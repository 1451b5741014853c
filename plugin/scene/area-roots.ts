import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Node } from '@babylonjs/core/node.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Environment } from './environment.ts';

/** An area's place in its grid. */
export interface GridPlace {
  readonly root: TransformNode;
  readonly row: number;
  readonly column: number;
}

/** The roots of areas that share a scene with others. */
const roots = new WeakSet<TransformNode>();

/** Makes the root nodes of areas, in a square grid around the origin, row by row. */
export function createAreaRoots(
  { spacing, createScene }: Pick<Environment, 'spacing' | 'createScene'>,
  scene: Scene,
  count: number,
  first: number,
): readonly GridPlace[] {
  const columns = Math.ceil(Math.sqrt(count));
  return Array.from({ length: count }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    const root = new TransformNode(`area-${first + i}`, scene);
    root.position.x = (column - (columns - 1) / 2) * spacing;
    root.position.z = (row - (columns - 1) / 2) * spacing;
    root.computeWorldMatrix(true);
    if (!createScene) roots.add(root);
    root.freezeWorldMatrix(); // an area never moves, and everything below reads this all the time
    return { root, row, column };
  });
}

/** Whether a node is the root of an area. */
export function isAreaRoot(node: Node): boolean {
  return roots.has(node as TransformNode);
}

/** The root of a node's area; undefined if its scene has no areas. */
export function findAreaRoot(node: TransformNode): TransformNode | undefined {
  for (let at: TransformNode | null = node; at; at = at.parent as TransformNode | null) if (roots.has(at)) return at;
  return undefined;
}
