import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsMotionType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { AgentsError } from '../core/errors.ts';
import { babylonCalls, type HavokCalls, havokCalls } from './havok-calls.ts';
import { type Pose, requirePose, type Velocities } from './pose.ts';
import { renewBody } from './renew-body.ts';

export { stepPhysics } from './physics-step.ts';

/** The physics engine of a scene; throws if there is none, or if it is not version 2, which Havok needs. */
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

/** The physics body of a node; throws if it has none. */
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

/** Fixes the step length [s] that forces and motors are scaled by. */
export function setTimeStep(engine: PhysicsEngine, timeStep: number): void {
  engine.setTimeStep(timeStep);
}

/** The up-to-date world matrix of a node; without a renderer nothing else updates it or its ancestors'. */
export function currentWorldMatrix(node: TransformNode): ReturnType<TransformNode['getWorldMatrix']> {
  return node.computeWorldMatrix(true); // also updates its ancestors
}

/**
 * Whether a node is mirrored, like everything under the root of a glTF file in a left-handed scene. When Babylon decomposes
 * a mirrored world matrix, it negates y: x and z of `absoluteRotationQuaternion` are then the node's own axes, and y points
 * the other way. The node's world matrix must be current.
 */
export function isMirrored(node: TransformNode): boolean {
  return node.absoluteScaling.y < 0;
}

/**
 * Reads a node's world position [m] and rotation; for a node with a body, those of the body. If the parent only shifts the
 * node, as an area does, both come from the node's own fields, which is faster than its world matrix.
 */
export function readPose(node: TransformNode, position: Vector3, rotation: Quaternion): void {
  if (node.physicsBody && readOwnPose(node, position, rotation)) return;
  currentWorldMatrix(node).getTranslationToRef(position);
  rotation.copyFrom(node.absoluteRotationQuaternion);
}

/** Returns false and reads nothing unless the parent is a TransformNode that only shifts it. */
function readOwnPose(
  { parent, position: own, rotationQuaternion }: TransformNode,
  position: Vector3,
  rotation: Quaternion,
): boolean {
  if (!rotationQuaternion || (parent && !(parent instanceof TransformNode))) return false;
  const shift = parent?.computeWorldMatrix(true).m; // free if frozen, as an area's is
  if (shift && !isShift(shift)) return false;
  position.copyFrom(own);
  rotation.copyFrom(rotationQuaternion);
  if (shift) position.addInPlaceFromFloats(shift[12], shift[13], shift[14]);
  return true;
}

/** Whether a matrix [16] moves things without turning or scaling them, as that of an area does. */
export function isShift(m: ArrayLike<number>): boolean {
  const unit = m[0] === 1 && m[5] === 1 && m[10] === 1;
  return unit && m[1] === 0 && m[2] === 0 && m[4] === 0 && m[6] === 0 && m[8] === 0 && m[9] === 0;
}

/**
 * Gives a body the velocities that take it to a world pose [m] in the next physics step. Use it to move an animated body,
 * such as a platform. It does the same as Babylon's `body.setTargetTransform` at a third of the cost.
 */
export function setTarget(body: PhysicsBody, position: Vector3, rotation: Quaternion): void {
  callsFor(body).setTarget(body, position, rotation);
}

const AT_REST = Vector3.Zero();
const UPRIGHT = Quaternion.Identity();
const velocity = new Vector3();

/**
 * Moves a node and its body, at rest unless velocities are given. The body stays the same object with its shape, joints and
 * observers, so an `aggregate.body` that you kept is still valid. Move all bodies of a joint together, or it pulls them
 * back together.
 *
 * Cheaper than respawn(), with two limits: contacts from before may count for one more step, and until that step rays do
 * not find the body.
 */
export function teleport(node: TransformNode, pose: Pose): void {
  const body = requirePlaced(node, pose, 'teleport()');
  place(node, pose);
  moveBodyToNode(body, pose);
}

/** Puts a body where its node is, whose world matrix must be current; at rest unless velocities are given. */
export function moveBodyToNode(body: PhysicsBody, velocities: Velocities = {}): void {
  callsFor(body).moveToNode(body);
  setVelocities(body, velocities);
}

/**
 * Moves a node and restarts its body as in a new world: at rest unless velocities are given, without contacts, and rays
 * find it at once. The body stays the same object, so an `aggregate.body` that you kept is still valid. It keeps what was
 * set on it: joints with their limits and motors, collision observers, shape, mass, damping and masks. Observers are not
 * notified of collisions that it had before. Move all bodies of a joint together, or it pulls them back together.
 *
 * @returns the node's body, the same object as before
 */
export function respawn(node: TransformNode, pose: Pose): PhysicsBody {
  const body = requirePlaced(node, pose, 'respawn()');
  place(node, pose);
  renewBody(body, requirePhysics(node.getScene(), 'respawn()'));
  setVelocities(body, pose);
  return body;
}

/** The body of a node to be moved; throws if it has none, or if the node or pose is invalid. */
function requirePlaced(node: TransformNode, pose: Pose, who: string): PhysicsBody {
  if (!(node instanceof TransformNode)) {
    const isBody = (node as { transformNode?: unknown } | null | undefined)?.transformNode !== undefined;
    throw new AgentsError(`${who} got ${isBody ? 'a PhysicsBody; pass its node' : `${node}, which is not a node`}.`);
  }
  if (node.isDisposed())
    throw new AgentsError(`${who} got node "${node.name}", which was disposed. Reuse nodes instead of disposing them.`);
  requirePose(pose, who, node.name);
  return requireBody(node, who);
}

/** Copies by component, so that plain objects work too. */
function place(node: TransformNode, { position, rotation = UPRIGHT }: Pose): void {
  node.position.copyFromFloats(position.x, position.y, position.z);
  const { x, y, z, w } = rotation;
  if (node.rotationQuaternion) node.rotationQuaternion.copyFromFloats(x, y, z, w);
  else node.rotationQuaternion = new Quaternion(x, y, z, w);
  currentWorldMatrix(node);
}

function setVelocities(body: PhysicsBody, { linearVelocity = AT_REST, angularVelocity = AT_REST }: Velocities): void {
  if (body.getMotionType() === PhysicsMotionType.STATIC) return;
  const havok = callsFor(body);
  havok.setLinearVelocity(body, velocity.copyFromFloats(linearVelocity.x, linearVelocity.y, linearVelocity.z));
  havok.setAngularVelocity(body, velocity.copyFromFloats(angularVelocity.x, angularVelocity.y, angularVelocity.z));
}

/** The Havok calls for a body, including all of its instances. */
function callsFor(body: PhysicsBody): HavokCalls {
  return body.numInstances > 0 ? babylonCalls : havokCalls(body.transformNode.getScene());
}
