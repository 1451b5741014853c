import { Quaternion, type Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsMotionType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { AgentsError } from '../core/errors.ts';
import { currentWorldMatrix, moveBodyToNode } from './physics.ts';
import { nodesOf } from './scene-nodes.ts';

/** How the nodes of a scene stood at one moment. */
export interface RememberedPoses {
  /** Puts every node back as it stood, in its parent's coordinates, and its body with it, at rest. Nodes that are gone are left out. */
  restore(): void;
}

/**
 * Remembers how every node of a scene stands now, for a `reset` of one line:
 *
 *   const start = rememberPoses(area.scene);
 *   return { reset: () => start.restore() };
 *
 * Bodies keep their joints, as with teleport(); thin instances are left as they are.
 */
export function rememberPoses(scene: Scene): RememberedPoses {
  if (typeof (scene as Partial<Scene> | undefined)?.incrementRenderId !== 'function')
    throw new AgentsError('rememberPoses() got something else than a scene. Pass one, such as area.scene.');
  const poses = nodesOf(scene).map(rememberNode);
  return {
    restore() {
      const present = poses.filter(({ node }) => !node.isDisposed());
      const bodies = present.filter(needsMoving); // asked for before the nodes are moved
      for (const pose of present) place(pose);
      for (const { node } of bodies) {
        currentWorldMatrix(node);
        moveBodyToNode(node.physicsBody!);
      }
      scene.incrementRenderId(); // so that whoever asks for an absolutePosition next gets the new one
    },
  };
}

interface NodePose {
  readonly node: TransformNode;
  readonly position: Vector3;
  readonly scaling: Vector3;
  readonly rotation: Vector3;
  /** instead of `rotation`, where the node has one */
  readonly quaternion: Quaternion | undefined;
  /** [16] where it stood in the world */
  readonly world: readonly number[];
}

function rememberNode(node: TransformNode): NodePose {
  return {
    node,
    position: node.position.clone(),
    scaling: node.scaling.clone(),
    rotation: node.rotation.clone(),
    quaternion: node.rotationQuaternion?.clone(),
    world: [...currentWorldMatrix(node).m],
  };
}

function place({ node, position, scaling, rotation, quaternion }: NodePose): void {
  node.position.copyFrom(position);
  node.scaling.copyFrom(scaling);
  if (!node.rotationQuaternion) {
    if (quaternion)
      node.rotationQuaternion = quaternion.clone(); // setting `rotation` took it
    else node.rotation.copyFrom(rotation);
  } else if (quaternion) node.rotationQuaternion.copyFrom(quaternion);
  else Quaternion.FromEulerVectorToRef(rotation, node.rotationQuaternion); // it got one with its body
}

/** Whether a node has a body to put back: any that moves, and walls that somebody has moved; else they would wake what lies around. */
function needsMoving({ node, world }: NodePose): boolean {
  const body = node.physicsBody;
  if (!body || body.numInstances > 0) return false;
  if (body.getMotionType() !== PhysicsMotionType.STATIC) return true;
  const { m } = currentWorldMatrix(node);
  return world.some((value, i) => value !== m[i]);
}
