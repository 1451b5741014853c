import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { PhysicsShape } from '@babylonjs/core/Physics/v2/physicsShape.js';
import { findAreaRoot } from './area-roots.ts';

/** An area that shares its world with copies of itself, of which it is to notice nothing. */
export interface NeighborArea {
  readonly root: TransformNode;
  /** the bits of Havok's that its own shapes have in their masks; others' shapes lack them */
  readonly bits: number;
  /** whether another area of its world has the same bits, far away */
  readonly sharesBits: boolean;
  /** Makes a shape its own that is on none of its bodies. */
  own(shape: PhysicsShape): void;
}

/** By the root; and what is to be done when one is gone. */
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

/** The area that a node stands in; undefined where it is alone in its world, or the node stands in none. */
export function neighborAround(node: TransformNode): NeighborArea | undefined {
  const root = findAreaRoot(node);
  return root && neighbors.get(root);
}

/** Whether a node stands in another area than `area`. */
export function isForeign(node: TransformNode, area: NeighborArea | undefined): boolean {
  const around = area && neighborAround(node);
  return around !== undefined && around !== area;
}

let atHand: NeighborArea | undefined;

/** The area whose code runs now: what it asks of the world, it asks of its own bodies. */
export function areaAtHand(): NeighborArea | undefined {
  return atHand;
}

/** Says whose code runs from now on. Returns whose it was, to be said again afterward. */
export function enterArea(area: NeighborArea | undefined): NeighborArea | undefined {
  const before = atHand;
  atHand = area;
  return before;
}
