import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsMotionType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { AgentsError } from '../core/errors.ts';
import { babylonCalls, type HavokCalls, havokCalls } from './havok-calls.ts';

/** The physics engine of a scene; throws when it has none, or one that is not Havok's kind. */
export function requirePhysics(scene: Scene, who: string): PhysicsEngine {
  const engine = scene.getPhysicsEngine();
  if (!engine)
    throw new AgentsError(`${who} needs physics, and its scene has none. Call \`await enablePhysics(scene)\` first.`);
  if (engine.getPluginVersion() !== 2)
    throw new AgentsError(
      `${who} needs Havok, and its scene has physics version ${engine.getPluginVersion()}. Call \`await enablePhysics(scene)\` instead.`,
    );
  return engine as PhysicsEngine;
}

/** The physics body of a node; throws when it has none. */
export function requireBody(node: TransformNode, who: string): PhysicsBody {
  if (node.physicsBody) return node.physicsBody;
  throw new AgentsError(
    `${who} needs a physics body, and node "${node.name}" has none. Create a PhysicsAggregate for it before attaching the agent.`,
  );
}

/** The body that moves a node: its own, or that of the nearest node above. */
export function bodyAround(node: TransformNode): PhysicsBody | null {
  for (let at: TransformNode | null = node; at; at = at.parent as TransformNode | null) {
    if (at.physicsBody) return at.physicsBody;
  }
  return null;
}

/**
 * Advances a scene's world by one step of fixed length [s], without rendering and without the wall clock. Nodes that
 * drive bodies are read, but nodes that bodies drive are left as they are: see BodySync.
 *
 * @returns ms that it took Havok; where somebody listens to collisions or triggers, telling them included
 */
export function stepPhysics(engine: PhysicsEngine, timeStep: number): number {
  const plugin = engine.getPhysicsPlugin() as HavokPlugin;
  for (const body of engine.getBodies() as PhysicsBody[]) {
    if (!body.disablePreStep) plugin.setPhysicsBodyTransformation(body, body.transformNode);
  }
  const { _hknp: havok, world } = plugin;
  const babylons = needsBabylon(plugin);
  if (!babylons) havok.HP_World_SetIdealStepTime(world, timeStep);
  const began = performance.now();
  if (babylons) plugin.executeStep(timeStep, []);
  else havok.HP_World_Step(world, timeStep);
  return performance.now() - began;
}

/** What Babylon's plugin keeps to itself. */
interface PluginInternals {
  readonly _worldRegions?: readonly unknown[];
  readonly _bodyCollisionObservable?: ReadonlyMap<unknown, unknown>;
  readonly _bodyCollisionEndedObservable?: ReadonlyMap<unknown, unknown>;
}

/** Whether a step is more than Havok's: somebody listens to its events, or the scene's bodies live in several worlds. */
function needsBabylon(plugin: HavokPlugin): boolean {
  const { _worldRegions, _bodyCollisionObservable, _bodyCollisionEndedObservable } =
    plugin as unknown as PluginInternals;
  return (
    plugin.onCollisionObservable.hasObservers() ||
    plugin.onCollisionEndedObservable.hasObservers() ||
    plugin.onTriggerCollisionObservable.hasObservers() ||
    _bodyCollisionObservable?.size !== 0 ||
    _bodyCollisionEndedObservable?.size !== 0 ||
    _worldRegions?.length !== 1
  );
}

/** Fixes the step length [s] that forces and motors are scaled by. */
export function setTimeStep(engine: PhysicsEngine, timeStep: number): void {
  engine.setTimeStep(timeStep);
}

/** The world matrix of a node as of now: without a renderer nobody has updated it, nor its ancestors'. */
export function currentWorldMatrix(node: TransformNode): ReturnType<TransformNode['getWorldMatrix']> {
  return node.computeWorldMatrix(true); // which computes those of the nodes above as well
}

/**
 * Whether a node is mirrored, as all of a glTF file is in a left-handed scene, whose root turns and mirrors it. Babylon
 * puts a mirror into y when it takes a world matrix apart: x and z of `absoluteRotationQuaternion` are the node's own axes
 * then, and y points the other way. Its world matrix must be current.
 */
export function isMirrored(node: TransformNode): boolean {
  return node.absoluteScaling.y < 0;
}

/**
 * Where a node is in the world [m], and how it is turned; of one with a body, as that is. A body's node under a parent that
 * only shifts it, as an area does, has both in its own fields, which is quicker than its world matrix.
 */
export function readPose(node: TransformNode, position: Vector3, rotation: Quaternion): void {
  const parent = node.parent as TransformNode | null;
  const shift = parent?.computeWorldMatrix(true).m; // at no cost where it is frozen, as that of an area is
  if (node.physicsBody && node.rotationQuaternion && (!shift || isShift(shift))) {
    position.copyFrom(node.position);
    rotation.copyFrom(node.rotationQuaternion);
    if (shift) position.addInPlaceFromFloats(shift[12], shift[13], shift[14]);
  } else {
    currentWorldMatrix(node).getTranslationToRef(position);
    rotation.copyFrom(node.absoluteRotationQuaternion);
  }
}

/** Whether a matrix [16] moves things without turning or scaling them, as that of an area does. */
export function isShift(m: ArrayLike<number>): boolean {
  const unit = m[0] === 1 && m[5] === 1 && m[10] === 1;
  return unit && m[1] === 0 && m[2] === 0 && m[4] === 0 && m[6] === 0 && m[8] === 0 && m[9] === 0;
}

/**
 * Gives a body the velocities that take it to a pose [m] of the world in the coming physics step: what an animated body,
 * such as a platform, is moved by. The same as Babylon's `body.setTargetTransform`, at a third of its cost.
 */
export function setTarget(body: PhysicsBody, position: Vector3, rotation: Quaternion): void {
  callsFor(body).setTarget(body, position, rotation);
}

/** How fast a body moves [m/s] and turns [rad/s], in the world; at rest if left out. */
interface Velocities {
  readonly linearVelocity?: Vector3;
  readonly angularVelocity?: Vector3;
}

/** Where to put a node: position [m] and rotation in its parent's coordinates, at rest unless velocities [m/s, rad/s] are given. */
export interface Pose extends Velocities {
  readonly position: Vector3;
  readonly rotation?: Quaternion;
}

const AT_REST = Vector3.Zero();
const UPRIGHT = Quaternion.Identity();

/**
 * Moves a node and its body, joints and all. Cheap; but the body's contacts of before may still count in the next step,
 * and until that step rays find the body neither where it was nor where it is. respawn() has neither fault.
 */
export function teleport(node: TransformNode, pose: Pose): void {
  place(node, pose);
  moveBodyToNode(requireBody(node, 'teleport()'), pose);
}

/** Puts a body where its node is, whose world matrix must be current; at rest unless velocities are given. */
export function moveBodyToNode(body: PhysicsBody, velocities: Velocities = {}): void {
  callsFor(body).moveToNode(body);
  setVelocities(body, velocities);
}

/**
 * Moves a node and gives it a new body like the old one: nothing of what happened to it lives on. Constraints
 * and collision callbacks of the old body are lost with it; use teleport() for bodies with joints.
 *
 * @returns the new body
 */
export function respawn(node: TransformNode, pose: Pose): PhysicsBody {
  const old = requireBody(node, 'respawn()');
  place(node, pose);
  const shape = old.shape;
  const kept = {
    motionType: old.getMotionType(),
    mass: old.getMassProperties(),
    linearDamping: old.getLinearDamping(),
    angularDamping: old.getAngularDamping(),
    gravityFactor: old.getGravityFactor(),
    prestepType: old.getPrestepType(),
    disablePreStep: old.disablePreStep,
    disableSync: old.disableSync,
  };
  old.shape = null;
  old.dispose();
  const body = new PhysicsBody(node, kept.motionType, false, node.getScene());
  body.shape = shape;
  body.setMassProperties(kept.mass);
  body.setLinearDamping(kept.linearDamping);
  body.setAngularDamping(kept.angularDamping);
  body.setGravityFactor(kept.gravityFactor);
  body.setPrestepType(kept.prestepType);
  body.disablePreStep = kept.disablePreStep;
  body.disableSync = kept.disableSync;
  setVelocities(body, pose);
  return body;
}

function place(node: TransformNode, { position, rotation = UPRIGHT }: Pose): void {
  node.position.copyFrom(position);
  if (node.rotationQuaternion) node.rotationQuaternion.copyFrom(rotation);
  else node.rotationQuaternion = rotation.clone();
  currentWorldMatrix(node);
}

function setVelocities(body: PhysicsBody, { linearVelocity = AT_REST, angularVelocity = AT_REST }: Velocities): void {
  if (body.getMotionType() === PhysicsMotionType.STATIC) return;
  const havok = callsFor(body);
  havok.setLinearVelocity(body, linearVelocity);
  havok.setAngularVelocity(body, angularVelocity);
}

/** Havok's calls for a body, all of its instances meant. */
function callsFor(body: PhysicsBody): HavokCalls {
  return body.numInstances > 0 ? babylonCalls : havokCalls(body.transformNode.getScene());
}
