import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { CreateCapsule } from '@babylonjs/core/Meshes/Builders/capsuleBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsConstraintAxis, PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate, type PhysicsAggregateParameters } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { Physics6DoFConstraint } from '@babylonjs/core/Physics/v2/physicsConstraint.js';
import { type AreaContext, teleport } from '../../plugin/index.ts';

/** Unity's gravity for ragdolls, as a share of the world's */
const GRAVITY = 1.5;

/** m */
export const BODY_RADIUS = 0.3;
/** m from joint to joint, or to the center of the round foot; z points outward, away from the body */
export const UPPER = { length: 0.5, radius: 0.09, mass: 2 };
export const LOWER = { length: 0.9, radius: 0.07, mass: 1 };

/** ranges of a leg's rotation down about its x axis, and of the hip's swing about y [rad], as a middle and the extent to both sides */
const LIFT = { middle: -0.4, reach: 0.5 };
const SWING = { middle: 0, reach: 0.7 };
const BEND = { middle: 1.9, reach: 0.5 };

/** angle about y from the body's z axis, its face, to each leg's direction [rad] */
const AZIMUTHS = [-Math.PI / 4, Math.PI / 4, (3 * Math.PI) / 4, (-3 * Math.PI) / 4];

/** Bodies of one kind touch only those of the other: legs pass through each other, but not through the ground. */
const GROUND_GROUP = 1;
const CRAWLER_GROUP = 2;

const X = Vector3.Right();
const Y = Vector3.Up();

/** A leg of two segments. */
export interface Leg {
  readonly azimuth: number;
  readonly upper: Mesh;
  readonly lower: Mesh;
  readonly hip: Physics6DoFConstraint;
  readonly knee: Physics6DoFConstraint;
}

/** A round body on four legs: front left, front right, back right, back left. */
export interface CrawlerBody {
  readonly body: Mesh;
  readonly legs: readonly Leg[];
  /** all moving parts */
  readonly parts: readonly Mesh[];
}

/** A square ground, `size` m wide, with its top at height 0. */
export function createGround({ root, scene }: AreaContext, size: number): void {
  const ground = new TransformNode('ground', scene);
  ground.parent = root;
  ground.position.y = -0.5;
  addBody(ground, PhysicsShapeType.BOX, { mass: 0, extents: new Vector3(size, 1, size) }, GROUND_GROUP);
}

/** The crawler, in pieces until standUp() puts them together. */
export function createCrawlerBody(area: AreaContext): CrawlerBody {
  const body = createBody(area);
  const legs = AZIMUTHS.map((azimuth, i) => createLeg(area, body, azimuth, i));
  area.root.onDisposeObservable.addOnce(() => {
    for (const { hip, knee } of legs) {
      hip.dispose();
      knee.dispose();
    }
  });
  return { body, legs, parts: [body, ...legs.flatMap(({ upper, lower }) => [upper, lower])] };
}

const place = new Vector3();
const along = new Vector3();
const rotation = new Quaternion();
const bend = new Quaternion();

/** Places it at rest on its feet in the middle of the area, every joint in the middle of its range, its face `yaw` rad about y from z. */
export function standUp({ body, legs }: CrawlerBody, yaw: number): void {
  const down = LIFT.middle + BEND.middle; // of a lower leg, from level
  const height = UPPER.length * Math.sin(LIFT.middle) + LOWER.length * Math.sin(down) + LOWER.radius;
  Quaternion.RotationAxisToRef(Y, yaw, rotation);
  teleport(body, { position: place.set(0, height, 0), rotation });
  for (const { azimuth, upper, lower } of legs) {
    const turn = yaw + azimuth;
    place.set(BODY_RADIUS * Math.sin(turn), height, BODY_RADIUS * Math.cos(turn));
    putSegment(upper, UPPER.length, turn, LIFT.middle);
    putSegment(lower, LOWER.length, turn, down);
  }
}

/** Places a segment with its inner end at `place`, and moves `place` to the outer end. */
function putSegment(segment: Mesh, length: number, turn: number, down: number): void {
  Quaternion.RotationAxisToRef(Y, turn, rotation);
  rotation.multiplyInPlace(Quaternion.RotationAxisToRef(X, down, bend));
  along.set(0, 0, length / 2).applyRotationQuaternionInPlace(rotation);
  teleport(segment, { position: place.addInPlace(along), rotation });
  place.addInPlace(along);
}

function createBody(area: AreaContext): Mesh {
  const body = CreateSphere('body', { diameter: 2 * BODY_RADIUS, segments: 24 }, area.scene);
  body.parent = area.root;
  addPart(body, PhysicsShapeType.SPHERE, { mass: 12, radius: BODY_RADIUS });
  for (const side of [-1, 1]) {
    const eye = CreateBox('eye', { width: 0.12, height: 0.18, depth: 0.1 }, area.scene);
    eye.parent = body;
    eye.position.set(side * 0.13, 0.08, BODY_RADIUS - 0.05);
  }
  return body;
}

function createLeg(area: AreaContext, body: Mesh, azimuth: number, i: number): Leg {
  const upper = createSegment(area, `upper-${i}`, UPPER);
  const lower = createSegment(area, `lower-${i}`, LOWER);
  const outwards = new Vector3(Math.sin(azimuth), 0, Math.cos(azimuth));
  const sideways = new Vector3(Math.cos(azimuth), 0, -Math.sin(azimuth));
  const hip = join(body, outwards.scale(BODY_RADIUS), sideways, upper, UPPER.length, [LIFT, SWING]);
  const knee = join(upper, new Vector3(0, 0, UPPER.length / 2), X, lower, LOWER.length, [BEND]);
  return { azimuth, upper, lower, hip, knee };
}

function createSegment(area: AreaContext, name: string, { length, radius, mass }: typeof UPPER): Mesh {
  const orientation = Vector3.Forward();
  const segment = CreateCapsule(name, { height: length + 2 * radius, radius, orientation }, area.scene);
  segment.parent = area.root;
  const [pointA, pointB] = [new Vector3(0, 0, -length / 2), new Vector3(0, 0, length / 2)];
  addPart(segment, PhysicsShapeType.CAPSULE, { mass, radius, pointA, pointB });
  return segment;
}

/** A joint at the parent's `pivot` and the child's inner end, about the parent's `axis` and perhaps about y. */
function join(
  parent: Mesh,
  pivot: Vector3,
  axis: Vector3,
  child: Mesh,
  length: number,
  ranges: readonly { readonly middle: number; readonly reach: number }[],
): Physics6DoFConstraint {
  const { LINEAR_X, LINEAR_Y, LINEAR_Z, ANGULAR_X, ANGULAR_Z } = PhysicsConstraintAxis;
  const frame = { axisA: axis, perpAxisA: Y, axisB: X, perpAxisB: Y };
  const constraint = new Physics6DoFConstraint(
    { ...frame, pivotA: pivot, pivotB: new Vector3(0, 0, -length / 2), collision: false },
    [
      ...[LINEAR_X, LINEAR_Y, LINEAR_Z, ANGULAR_Z].map((locked) => ({ axis: locked, minLimit: 0, maxLimit: 0 })),
      ...[0, 1].map((i) => {
        const { middle, reach } = ranges[i] ?? { middle: 0, reach: 0 };
        return { axis: ANGULAR_X + i, minLimit: middle - reach, maxLimit: middle + reach };
      }),
    ],
    parent.getScene(),
  );
  parent.physicsBody!.addConstraint(child.physicsBody!, constraint);
  return constraint;
}

function addPart(node: TransformNode, type: PhysicsShapeType, options: PhysicsAggregateParameters): void {
  addBody(node, type, options, CRAWLER_GROUP);
  node.physicsBody!.setGravityFactor(GRAVITY);
}

function addBody(
  node: TransformNode,
  type: PhysicsShapeType,
  options: PhysicsAggregateParameters,
  group: number,
): void {
  const { shape } = new PhysicsAggregate(node, type, { friction: 0.9, restitution: 0, ...options }, node.getScene());
  shape.filterMembershipMask = group;
  shape.filterCollideMask = GROUND_GROUP + CRAWLER_GROUP - group;
}
