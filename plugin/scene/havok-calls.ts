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

/** The hit of a ray or a ball. */
export interface RayHit {
  /** the body it hit */
  body: PhysicsBody | null;
  /** m from the start to the hit point; for a ball, m that its center moved */
  distance: number;
}

/**
 * The Havok calls that sensors, actuators and resets make all the time. Vectors are in world coordinates; for a body with
 * instances, the first one is used.
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
  /** the target [rad or m] of a joint axis's motor; whether that wakes its bodies depends on the motor: see wake() */
  setMotorTarget(
    plugin: HavokPlugin,
    constraint: Physics6DoFConstraint,
    axis: PhysicsConstraintAxis,
    target: number,
  ): void;
  /** N·m or N, the motor's maximum */
  setMotorMaxForce(constraint: Physics6DoFConstraint, axis: PhysicsConstraintAxis, force: number): void;
  /** wakes a sleeping body, and what it touches or is joined to */
  wake(plugin: HavokPlugin, body: PhysicsBody): void;
  /** finds the nearest body between two points, except triggers, `ignored` and other areas than the current one; if there is none, returns false and leaves `hit` unchanged */
  castRay(plugin: HavokPlugin, from: Vector3, to: Vector3, ignored: PhysicsBody | null, hit: RayHit): boolean;
  /** the same for a ball moving between two points, except other areas than its own; if it touches a body at the start, the distance is 0 */
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
