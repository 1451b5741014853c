import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsConstraintAxis, PhysicsMotionType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import { Physics6DoFConstraint, type Physics6DoFLimit } from '@babylonjs/core/Physics/v2/physicsConstraint.js';
import { PhysicsShapeSphere } from '@babylonjs/core/Physics/v2/physicsShape.js';
import type { AreaContext } from '../plugin/index.ts';
import { touchNothing } from './ground.ts';

/** The lowest and the highest value that an angle [rad] or a way [m] may have. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Where a joint is, in the coordinates of either body [m]. */
export interface Pivots {
  readonly parent: Vector3;
  readonly child: Vector3;
}

/** The axes of a constraint whose x axis is the world's z: its y axis is the world's x, its z axis the world's y. */
const ALONG = {
  x: PhysicsConstraintAxis.LINEAR_Y,
  y: PhysicsConstraintAxis.LINEAR_Z,
  z: PhysicsConstraintAxis.LINEAR_X,
} as const;
const ABOUT = {
  x: PhysicsConstraintAxis.ANGULAR_Y,
  y: PhysicsConstraintAxis.ANGULAR_Z,
  z: PhysicsConstraintAxis.ANGULAR_X,
} as const;
/** The axis that a hinge's motor turns about. */
export const HINGE_AXIS = ABOUT.z;

/** Leaves the child one freedom, to turn about z against its parent, from x to y where that is positive. */
export function createHinge(
  parent: TransformNode,
  child: TransformNode,
  pivots: Pivots,
  range?: Range,
): Physics6DoFConstraint {
  const locked = [ALONG.x, ALONG.y, ALONG.z, ABOUT.x, ABOUT.y].map(lock);
  return join(parent, child, pivots, range ? [...locked, limit(ABOUT.z, range)] : locked);
}

/** Leaves the child one freedom, to slide along x. */
export function createSlide(
  parent: TransformNode,
  child: TransformNode,
  pivots: Pivots,
  range: Range,
): Physics6DoFConstraint {
  const locked = [ALONG.y, ALONG.z, ABOUT.x, ABOUT.y, ABOUT.z].map(lock);
  return join(parent, child, pivots, [...locked, limit(ALONG.x, range)]);
}

/** Leaves the child the three freedoms of a plane: to move along x and y, and to turn about z. */
export function keepInPlane(parent: TransformNode, child: TransformNode, pivots: Pivots): Physics6DoFConstraint {
  return join(parent, child, pivots, [ALONG.z, ABOUT.x, ABOUT.y].map(lock));
}

/** A body at the area's origin that stands still and touches nothing: a parent for what is held by the world. */
export function createAnchor({ root, scene }: AreaContext): TransformNode {
  const anchor = new TransformNode('anchor', scene);
  anchor.parent = root;
  const shape = new PhysicsShapeSphere(Vector3.Zero(), 0.01, scene);
  touchNothing(shape);
  new PhysicsBody(anchor, PhysicsMotionType.STATIC, false, scene).shape = shape;
  anchor.onDisposeObservable.addOnce(() => shape.dispose());
  return anchor;
}

function lock(axis: PhysicsConstraintAxis): Physics6DoFLimit {
  return { axis, minLimit: 0, maxLimit: 0 };
}

function limit(axis: PhysicsConstraintAxis, { low, high }: Range): Physics6DoFLimit {
  return { axis, minLimit: low, maxLimit: high };
}

/** Two bodies that are joined do not collide. */
function join(
  parent: TransformNode,
  child: TransformNode,
  pivots: Pivots,
  limits: Physics6DoFLimit[],
): Physics6DoFConstraint {
  const [axis, perpendicular] = [Vector3.Forward(), Vector3.Right()];
  const constraint = new Physics6DoFConstraint(
    {
      pivotA: pivots.parent,
      pivotB: pivots.child,
      axisA: axis,
      axisB: axis,
      perpAxisA: perpendicular,
      perpAxisB: perpendicular,
      collision: false,
    },
    limits,
    parent.getScene(),
  );
  parent.physicsBody!.addConstraint(child.physicsBody!, constraint);
  return constraint;
}
