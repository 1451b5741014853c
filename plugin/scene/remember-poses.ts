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

/** How the nodes of a scene stood at one moment. */
export interface RememberedPoses {
  /** Puts every node back as it stood, in its parent's coordinates, and its body with it, at rest. Nodes that are gone are left out. */
  restore(): void;
}

/** Options of {@link rememberPoses}. */
export interface RememberOptions {
  /** the scene's PhysicsCharacterControllers, which a scene does not know of itself */
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
 * Remembers how a scene stands now, for a `reset` of one line:
 *
 *   const start = rememberPoses(area.scene);
 *   return { reset: () => start.restore() };
 *
 * Of every node its place, its parent and whether it is enabled; of every body also what it is: motion type, shape, mass,
 * damping, material, masks; of every joint its limits, friction and motors; which animations run, and how far they are; which
 * particle systems do; and where each of `characters` is. Bodies begin anew, as with respawn(), so every
 * episode begins alike to the last bit. Thin instances are left as they are, and so are nodes and joints made since.
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
