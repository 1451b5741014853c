import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { PhysicsShape } from '@babylonjs/core/Physics/v2/physicsShape.js';
import type { AreaContext } from '../plugin/index.ts';

/** Bodies of one group touch only those of the other: limbs pass through each other, but not through the ground. */
const GROUND_GROUP = 1;
const LIMB_GROUP = 2;

export interface GroundOptions {
  /** m along x and along z */
  readonly length: number;
  readonly width: number;
  readonly friction: number;
}

/** A slab around the area's middle, its upper side at height 0. */
export function createGround({ root, scene }: AreaContext, { length, width, friction }: GroundOptions): void {
  const ground = new TransformNode('ground', scene);
  ground.parent = root;
  ground.position.y = -0.5;
  const options = { mass: 0, friction, restitution: 0, extents: new Vector3(length, 1, width) };
  const { shape } = new PhysicsAggregate(ground, PhysicsShapeType.BOX, options, scene);
  shape.filterMembershipMask = GROUND_GROUP;
  shape.filterCollideMask = LIMB_GROUP;
}

/** Lets a shape touch the ground alone. */
export function touchGroundOnly(shape: PhysicsShape): void {
  shape.filterMembershipMask = LIMB_GROUP;
  shape.filterCollideMask = GROUND_GROUP;
}

/** Lets a shape touch nothing. */
export function touchNothing(shape: PhysicsShape): void {
  shape.filterMembershipMask = 0;
  shape.filterCollideMask = 0;
}
