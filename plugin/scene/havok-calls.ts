import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { type IRaycastQuery, PhysicsRaycastResult } from '@babylonjs/core/Physics/physicsRaycastResult.js';
import type { IPhysicsShapeCastQuery } from '@babylonjs/core/Physics/physicsShapeCastQuery.js';
import { ShapeCastResult } from '@babylonjs/core/Physics/shapeCastResult.js';
import { type PhysicsConstraintAxis, PhysicsPrestepType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { Physics6DoFConstraint } from '@babylonjs/core/Physics/v2/physicsConstraint.js';
import type { PhysicsShape } from '@babylonjs/core/Physics/v2/physicsShape.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { ConstraintAxis, HavokPhysicsWithBindings } from '@babylonjs/havok';
import { DirectHavokCalls } from './direct-havok-calls.ts';

/** Where a ray or a ball ended. */
export interface RayHit {
  /** the body that it met */
  body: PhysicsBody | null;
  /** m from its start to the point where it did; of a ball, m that its middle went */
  distance: number;
}

/**
 * The calls of Havok that sensors, actuators and resets make all the time. Vectors are the world's; of a body with
 * instances, the first is meant.
 */
export interface HavokCalls {
  getLinearVelocity(body: PhysicsBody, out: Vector3): void;
  getAngularVelocity(body: PhysicsBody, out: Vector3): void;
  setLinearVelocity(body: PhysicsBody, velocity: Vector3): void;
  setAngularVelocity(body: PhysicsBody, velocity: Vector3): void;
  /** gives a body the velocities that take it to a pose in the next step */
  setTarget(body: PhysicsBody, position: Vector3, rotation: Quaternion): void;
  /** puts a body where its node is, whose world matrix must be current */
  moveToNode(body: PhysicsBody): void;
  /** kg·m/s at a point */
  applyImpulse(body: PhysicsBody, impulse: Vector3, point: Vector3): void;
  /** kg·m²/s around the center of mass */
  applyAngularImpulse(body: PhysicsBody, impulse: Vector3): void;
  /** where a motor turns [rad] or moves [m] an axis of a joint to; whether that wakes its bodies depends on the motor: see wake() */
  setMotorTarget(
    plugin: HavokPlugin,
    constraint: Physics6DoFConstraint,
    axis: PhysicsConstraintAxis,
    target: number,
  ): void;
  /** N·m or N that it does so with at most */
  setMotorMaxForce(constraint: Physics6DoFConstraint, axis: PhysicsConstraintAxis, force: number): void;
  /** lets a body that sleeps move again, and what it touches or is joined to with it */
  wake(plugin: HavokPlugin, body: PhysicsBody): void;
  /** looks for the nearest body between two points, leaving out triggers, `ignored` and other areas than the one at hand; false: there is none, and `hit` is as it was */
  castRay(plugin: HavokPlugin, from: Vector3, to: Vector3, ignored: PhysicsBody | null, hit: RayHit): boolean;
  /** the same for a ball on its way between two points, which leaves out other areas than its own; one that touches a body from the start has gone 0 m */
  castBall(
    plugin: HavokPlugin,
    ball: PhysicsShape,
    from: Vector3,
    to: Vector3,
    ignored: PhysicsBody | null,
    hit: RayHit,
  ): boolean;
}

/**
 * The calls to make in a scene. They go to Havok's WebAssembly directly, at a fraction of the cost, where this Havok has
 * been seen to answer as its documented functions do; else through Babylon. Either way the floats are the same.
 */
export function havokCalls(scene: Scene): HavokCalls {
  const plugin = scene.getPhysicsEngine()!.getPhysicsPlugin() as HavokPlugin; // callers have a body, or have required physics
  const havok: HavokPhysicsWithBindings | undefined = plugin._hknp;
  if (!havok || scene.floatingOriginMode) return babylonCalls; // another engine, or bodies with an offset each
  let calls = known.get(havok);
  if (!calls) {
    calls = DirectHavokCalls.open(havok) ?? babylonCalls;
    known.set(havok, calls);
  }
  return calls;
}

/** The calls of every module that was asked for: mostly one a thread. */
const known = new WeakMap<HavokPhysicsWithBindings, HavokCalls>();

const query: { ignoreBody?: PhysicsBody } & IRaycastQuery = {};
const result = new PhysicsRaycastResult();
const rotation = Quaternion.Identity();
const ballResult = new ShapeCastResult();
const metersult = new ShapeCastResult();

/** The calls through Babylon's documented methods. */
export const babylonCalls: HavokCalls = {
  getLinearVelocity: (body, out) => body.getLinearVelocityToRef(out),
  getAngularVelocity: (body, out) => body.getAngularVelocityToRef(out),
  setLinearVelocity: (body, velocity) => body.setLinearVelocity(velocity),
  setAngularVelocity: (body, velocity) => body.setAngularVelocity(velocity),
  setTarget: (body, position, rotation) => body.setTargetTransform(position, rotation),
  applyImpulse: (body, impulse, point) => body.applyImpulse(impulse, point),
  applyAngularImpulse: (body, impulse) => body.applyAngularImpulse(impulse),

  moveToNode(body) {
    const { transformNode: node } = body;
    const prestep = body.getPrestepType();
    body.setPrestepType(PhysicsPrestepType.TELEPORT);
    const plugin = node.getScene().getPhysicsEngine()?.getPhysicsPlugin() as HavokPlugin;
    plugin.setPhysicsBodyTransformation(body, node);
    body.setPrestepType(prestep);
  },

  setMotorTarget(plugin, constraint, axis, target) {
    const native = nativeAxis(plugin, axis);
    for (const joint of constraint._pluginData)
      (plugin._hknp as HavokPhysicsWithBindings).HP_Constraint_SetAxisMotorPositionTarget(joint, native, target);
  },

  setMotorMaxForce: (constraint, axis, force) => constraint.setAxisMotorMaxForce(axis, force),

  wake({ _hknp: havok }, { _pluginData, _pluginDataInstances: instances }) {
    const { hpBodyId } = instances.length > 0 ? instances[0] : _pluginData;
    (havok as HavokPhysicsWithBindings).HP_Body_SetActivationState(hpBodyId, havok.ActivationState.ACTIVE);
  },

  castRay(plugin, from, to, ignored, hit) {
    if (ignored) query.ignoreBody = ignored;
    else delete query.ignoreBody;
    plugin.raycast(from, to, result, query);
    if (!result.hasHit) return false;
    hit.body = result.body ?? null;
    hit.distance = result.hitDistance;
    return true;
  },

  castBall(plugin, shape, startPosition, endPosition, ignored, hit) {
    const way: IPhysicsShapeCastQuery = { shape, rotation, startPosition, endPosition, shouldHitTriggers: false };
    if (ignored) way.ignoreBody = ignored;
    plugin.shapeCast(way, ballResult, metersult);
    if (!metersult.hasHit) return false;
    hit.body = metersult.body ?? null;
    hit.distance = metersult.hitFraction * Vector3.Distance(startPosition, endPosition);
    return true;
  },
};

/** Havok's own name of an axis. */
export function nativeAxis({ _hknp: havok }: HavokPlugin, axis: PhysicsConstraintAxis): ConstraintAxis {
  return havok.ConstraintAxis[AXES[axis]];
}

/** By Babylon's numbers of them. */
export const AXES = [
  'LINEAR_X',
  'LINEAR_Y',
  'LINEAR_Z',
  'ANGULAR_X',
  'ANGULAR_Y',
  'ANGULAR_Z',
  'LINEAR_DISTANCE',
] as const;
