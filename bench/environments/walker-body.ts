import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsConstraintMotorType, PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate, type PhysicsAggregateParameters } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { Physics6DoFConstraint } from '@babylonjs/core/Physics/v2/physicsConstraint.js';
import { type AreaContext, teleport } from '../../plugin/index.ts';
import { touchGroundOnly } from '../ground.ts';
import { keepAwake } from '../keep-awake.ts';
import { createHinge, HINGE_AXIS, type Range } from '../planar-joints.ts';

/** m along x (ahead), y and z of the torso */
export const TORSO = new Vector3(0.8, 0.2, 0.4);
/** m of a thigh, and of a shank */
const SEGMENT = 0.32;
const RADIUS = 0.04;
/** of the walker, and of the ground under it */
export const FRICTION = 0.9;
/** N·m of a motor */
const MAX_TORQUE = 40;

/** rad that a joint may turn from a leg stretched downward, forward being positive */
const HIP = { low: -0.7, high: 1.1 };
const KNEE = { low: -1.6, high: -0.2 };

/** Where the hips sit on the torso [m]. */
const HIPS = [
  new Vector3(0.34, 0, 0.26),
  new Vector3(0.34, 0, -0.26),
  new Vector3(-0.34, 0, 0.26),
  new Vector3(-0.34, 0, -0.26),
];

/** A motorised hinge about z between two bodies. */
export interface Joint {
  readonly parent: TransformNode;
  readonly child: TransformNode;
  readonly range: Range;
  readonly constraint: Physics6DoFConstraint;
}

/** A torso on four legs of two segments: 9 bodies and 8 joints, hip before knee, leg after leg. */
export interface WalkerBody {
  readonly torso: TransformNode;
  readonly joints: readonly Joint[];
}

/** The walker, in pieces until standUp() puts them together. */
export function createWalkerBody(area: AreaContext): WalkerBody {
  const torso = createPart(area, 'torso', PhysicsShapeType.BOX, { mass: 3, extents: TORSO });
  const joints = HIPS.flatMap((hip, leg) => {
    const thigh = createSegment(area, `thigh-${leg}`, 0.4);
    const shank = createSegment(area, `shank-${leg}`, 0.35);
    return [createJoint(torso, hip, thigh, HIP), createJoint(thigh, new Vector3(0, -SEGMENT / 2, 0), shank, KNEE)];
  });
  area.root.onDisposeObservable.addOnce(() => {
    for (const { constraint } of joints) constraint.dispose();
  });
  return { torso, joints };
}

const along = new Vector3();
const position = new Vector3();
const rotation = new Quaternion();

/** Puts the torso at `x` m, level, with every joint at its angle [rad], and the feet on the ground. */
export function standUp({ torso, joints }: WalkerBody, x: number, angles: Float32Array): void {
  let reach = 0;
  for (let leg = 0; leg < HIPS.length; leg++) {
    const [hip, knee] = [angles[2 * leg], angles[2 * leg + 1]];
    reach = Math.max(reach, SEGMENT * (Math.cos(hip) + Math.cos(hip + knee)) + RADIUS);
  }
  teleport(torso, { position: position.set(x, reach + 0.01, 0) });
  for (let leg = 0; leg < HIPS.length; leg++) {
    const end = torso.position.add(HIPS[leg]);
    let angle = 0;
    for (const i of [2 * leg, 2 * leg + 1]) {
      angle += angles[i];
      Quaternion.RotationAxisToRef(Vector3.Forward(), angle, rotation);
      along.set(SEGMENT * Math.sin(angle), -SEGMENT * Math.cos(angle), 0); // from the joint to the far end
      end.addToRef(along.scaleInPlace(0.5), position);
      teleport(joints[i].child, { position, rotation });
      end.copyFrom(position).addInPlace(along);
    }
  }
}

/** How far a joint is turned [rad], from how its two bodies lie: 2 · atan2(z, w) of conj(parent) · child. */
export function jointAngle({ parent, child }: Joint): number {
  const p = parent.rotationQuaternion!;
  const c = child.rotationQuaternion!;
  const z = p.w * c.z - p.x * c.y + p.y * c.x - p.z * c.w;
  const w = p.w * c.w + p.x * c.x + p.y * c.y + p.z * c.z;
  return w < 0 ? 2 * Math.atan2(-z, -w) : 2 * Math.atan2(z, w);
}

/** Lets a joint's motor turn it toward an angle [rad]. */
export function driveJoint({ constraint }: Joint, angle: number): void {
  constraint.setAxisMotorTarget(HINGE_AXIS, angle);
}

function createSegment(area: AreaContext, name: string, mass: number): TransformNode {
  const half = SEGMENT / 2 - RADIUS;
  const [pointA, pointB] = [new Vector3(0, half, 0), new Vector3(0, -half, 0)];
  return createPart(area, name, PhysicsShapeType.CAPSULE, { mass, radius: RADIUS, pointA, pointB });
}

function createPart(
  { root, scene }: AreaContext,
  name: string,
  type: PhysicsShapeType,
  options: PhysicsAggregateParameters,
): TransformNode {
  const node = new TransformNode(name, scene);
  node.parent = root;
  const { body, shape } = new PhysicsAggregate(node, type, { friction: FRICTION, restitution: 0, ...options }, scene);
  touchGroundOnly(shape);
  keepAwake([body]);
  return node;
}

/** A hinge at `pivot` of the parent and at the upper end of the child, turned by a motor. */
function createJoint(parent: TransformNode, pivot: Vector3, child: TransformNode, range: Range): Joint {
  const constraint = createHinge(parent, child, { parent: pivot, child: new Vector3(0, SEGMENT / 2, 0) }, range);
  constraint.setAxisMotorType(HINGE_AXIS, PhysicsConstraintMotorType.POSITION);
  constraint.setAxisMotorMaxForce(HINGE_AXIS, MAX_TORQUE);
  return { parent, child, range, constraint };
}
