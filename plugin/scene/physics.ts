import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsMotionType, PhysicsPrestepType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { AgentsError } from '../core/errors.ts';

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

/**
 * Advances a scene's world by one step of fixed length [s], without rendering and without the wall clock. Nodes that
 * drive bodies are read, but nodes that bodies drive are left as they are: see BodySync.
 */
export function stepPhysics(engine: PhysicsEngine, timeStep: number): void {
  const plugin = engine.getPhysicsPlugin() as HavokPlugin;
  for (const body of engine.getBodies() as PhysicsBody[]) {
    if (!body.disablePreStep) plugin.setPhysicsBodyTransformation(body, body.transformNode);
  }
  plugin.executeStep(timeStep, []);
}

/** Fixes the step length [s] that forces and motors are scaled by. */
export function setTimeStep(engine: PhysicsEngine, timeStep: number): void {
  engine.setTimeStep(timeStep);
}

/** The world matrix of a node as of now: without a renderer nobody has updated its ancestors'. */
export function currentWorldMatrix(node: TransformNode): ReturnType<TransformNode['getWorldMatrix']> {
  const parent = node.parent as TransformNode | null;
  if (parent) currentWorldMatrix(parent);
  return node.computeWorldMatrix(true);
}

/** Where to put a node: position [m] and rotation in its parent's coordinates, at rest unless velocities [m/s, rad/s] are given. */
export interface Pose {
  readonly position: Vector3;
  readonly rotation?: Quaternion;
  readonly linearVelocity?: Vector3;
  readonly angularVelocity?: Vector3;
}

const AT_REST = Vector3.Zero();
const UPRIGHT = Quaternion.Identity();

/**
 * Moves a node and its body, joints and all. Cheap; but the body's contacts of before may still count in the next step,
 * and until that step rays find the body neither where it was nor where it is. respawn() has neither fault.
 */
export function teleport(node: TransformNode, pose: Pose): void {
  place(node, pose);
  const body = requireBody(node, 'teleport()');
  const plugin = node.getScene().getPhysicsEngine()?.getPhysicsPlugin() as HavokPlugin;
  const prestep = body.getPrestepType();
  body.setPrestepType(PhysicsPrestepType.TELEPORT);
  plugin.setPhysicsBodyTransformation(body, node);
  body.setPrestepType(prestep);
  setVelocities(body, pose);
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

function setVelocities(body: PhysicsBody, { linearVelocity = AT_REST, angularVelocity = AT_REST }: Pose): void {
  if (body.getMotionType() === PhysicsMotionType.STATIC) return;
  body.setLinearVelocity(linearVelocity);
  body.setAngularVelocity(angularVelocity);
}
