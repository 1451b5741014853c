import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { PhysicsShape } from '@babylonjs/core/Physics/v2/physicsShape.js';
import { findAreaRoot } from './area-roots.ts';

/** An area that shares its world with other copies, isolated from them. */
export interface NeighborArea {
  readonly root: TransformNode;
  /** the Havok mask bits of its own shapes; other areas' shapes lack them */
  readonly bits: number;
  /** whether another area of its world has the same bits, far away */
  readonly sharesBits: boolean;
  /** Claims a shape that is on none of its bodies. */
  own(shape: PhysicsShape): void;
}

/** Areas by root, and the callback for when one is gone. */
const neighbors = new WeakMap<TransformNode, NeighborArea>();
const farewells = new WeakMap<NeighborArea, () => void>();

/** Notes that an area has neighbors. `onGone` is called when it no longer has. */
export function markNeighbor(area: NeighborArea, onGone: () => void): void {
  neighbors.set(area.root, area);
  farewells.set(area, onGone);
}

/** Notes that an area is gone, if it had neighbors. */
export function forgetNeighbor(root: TransformNode): void {
  const area = neighbors.get(root);
  if (!area) return;
  neighbors.delete(root);
  farewells.get(area)?.();
}

/** The area of a node; undefined if the area is alone in its world, or the node is in none. */
export function neighborAround(node: TransformNode): NeighborArea | undefined {
  const root = findAreaRoot(node);
  return root && neighbors.get(root);
}

/** Whether a node is in an area other than `area`. */
export function isForeign(node: TransformNode, area: NeighborArea | undefined): boolean {
  const around = area && neighborAround(node);
  return around !== undefined && around !== area;
}

let atHand: NeighborArea | undefined;

/** The area whose code is running; its queries see only its own bodies. */
export function areaAtHand(): NeighborArea | undefined {
  return atHand;
}

/** Sets the area whose code runs from now on. Returns the previous one, to restore afterward. */
export function enterArea(area: NeighborArea | undefined): NeighborArea | undefined {
  const before = atHand;
  atHand = area;
  return before;
}
