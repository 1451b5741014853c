import { Quaternion, type Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Node } from '@babylonjs/core/node.js';
import type { IParticleSystem } from '@babylonjs/core/Particles/IParticleSystem.js';
import type { PhysicsCharacterController } from '@babylonjs/core/Physics/v2/characterController.js';
import { PhysicsMotionType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { listOf, type OptionRules, optional, requireOptions } from '../core/options.ts';
import { currentWorldMatrix, requirePhysics } from './physics.ts';
import { rememberAnimations } from './remember-animations.ts';
import { rememberBody } from './remember-bodies.ts';
import { rememberCharacter } from './remember-character.ts';
import { rememberJoints } from './remember-joints.ts';
import { renewBody } from './renew-body.ts';
import { requireScene } from './require-scene.ts';
import { nodesOf } from './scene-nodes.ts';

/** A snapshot of a scene's nodes. */
export interface RememberedPoses {
  /** Puts every node back to its position and rotation under its parent, with its body at rest. Skips disposed nodes. */
  restore(): void;
}

/** Options of {@link rememberPoses}. */
export interface RememberOptions {
  /** the scene's PhysicsCharacterControllers; a scene has no list of them */
  readonly characters?: readonly PhysicsCharacterController[];
}

const RULES: OptionRules<RememberOptions> = {
  characters: optional(
    listOf('a list of PhysicsCharacterControllers', (character) =>
      typeof (character as Partial<PhysicsCharacterController> | null)?.integrate === 'function' ? undefined : 'one',
    ),
  ),
};

/**
 * Takes a snapshot of a scene, for a one-line `reset`:
 *
 *   const start = rememberPoses(area.scene);
 *   return { reset: () => start.restore() };
 *
 * It includes every node's position, rotation, scaling, parent and enabled state; every body's motion type, shape, mass,
 * damping, material and masks; every joint's limits, friction and motors; which animations are running, and their progress;
 * which particle systems are running; and the position of each of `characters`. restore() restarts bodies, as respawn()
 * does, so all episodes start bit-identical. It does not touch thin instances, nor nodes and joints made later.
 */
export function rememberPoses(scene: Scene, options: RememberOptions = {}): RememberedPoses {
  requireScene(scene, 'rememberPoses(scene, options)');
  const { characters = [] } = requireOptions('rememberPoses()', options, RULES);
  const restoreCharacters = characters.map(rememberCharacter);
  const restoreAnimations = rememberAnimations(scene);
  const restoreParticles = scene.particleSystems.map(rememberParticles);
  const poses = nodesOf(scene).map(rememberNode);
  const physics = scene.getPhysicsEngine?.() ? requirePhysics(scene, 'rememberPoses()') : undefined;
  const joints = physics && rememberJoints(physics.getPhysicsPlugin() as HavokPlugin);
  const gravity = physics?.gravity.clone();
  return {
    restore() {
      restoreAnimations();
      for (const restore of restoreParticles) restore();
      const present = poses.filter(({ node }) => !node.isDisposed());
      for (const { restoreBody } of present) restoreBody?.();
      const bodies = present.filter(needsMoving); // before the nodes are moved
      for (const pose of present) place(pose);
      for (const restore of restoreCharacters) restore();
      if (physics && joints && scene.getPhysicsEngine() === physics) {
        joints.restore(() => renewBodies(bodies, physics));
        if (gravity && !physics.gravity.equals(gravity)) physics.setGravity(gravity);
      }
      scene.incrementRenderId(); // so that absolutePosition is up to date
    },
  };
}

/** Remembers whether a particle system is running. Returns a function that starts or stops it and clears its particles. */
function rememberParticles(system: IParticleSystem): () => void {
  const runs = () => system.isStarted() && !(system as unknown as { readonly _stopped: boolean })._stopped;
  const ran = runs();
  return () => {
    if (runs() && !ran) system.stop();
    if (!runs() && ran) system.start(0);
    system.reset();
  };
}

interface NodePose {
  readonly node: TransformNode;
  readonly parent: Node | null;
  readonly enabled: boolean;
  readonly position: Vector3;
  readonly scaling: Vector3;
  readonly rotation: Vector3;
  /** used instead of `rotation`, if the node has one */
  readonly quaternion: Quaternion | undefined;
  /** [16] its world matrix */
  readonly world: readonly number[];
  /** restores its body */
  readonly restoreBody: (() => void) | undefined;
}

function rememberNode(node: TransformNode): NodePose {
  const { physicsBody: body } = node;
  const restore = body && body.numInstances === 0 ? rememberBody(body) : undefined;
  return {
    node,
    parent: node.parent,
    enabled: node.isEnabled(false),
    position: node.position.clone(),
    scaling: node.scaling.clone(),
    rotation: node.rotation.clone(),
    quaternion: node.rotationQuaternion?.clone(),
    world: [...currentWorldMatrix(node).m],
    restoreBody: restore && (() => node.physicsBody === body && restore()),
  };
}

function place({ node, parent, enabled, position, scaling, rotation, quaternion }: NodePose): void {
  if (node.parent !== parent && !parent?.isDisposed()) node.parent = parent;
  if (node.isEnabled(false) !== enabled) node.setEnabled(enabled);
  node.position.copyFrom(position);
  node.scaling.copyFrom(scaling);
  if (!node.rotationQuaternion) {
    if (quaternion)
      node.rotationQuaternion = quaternion.clone(); // setting `rotation` removed it
    else node.rotation.copyFrom(rotation);
  } else if (quaternion) node.rotationQuaternion.copyFrom(quaternion);
  else Quaternion.FromEulerVectorToRef(rotation, node.rotationQuaternion); // it got one with its body
}

/** Whether a node's body must be put back: if it can move, or is static but was moved. Renewing other static bodies would wake their neighbors. */
function needsMoving({ node, world }: NodePose): boolean {
  const body = node.physicsBody;
  if (!body || body.numInstances > 0) return false;
  if (body.getMotionType() !== PhysicsMotionType.STATIC) return true;
  const { m } = currentWorldMatrix(node);
  return world.some((value, i) => value !== m[i]);
}

function renewBodies(poses: readonly NodePose[], engine: PhysicsEngine): void {
  for (const { node } of poses) {
    currentWorldMatrix(node);
    renewBody(node.physicsBody!, engine);
  }
}
