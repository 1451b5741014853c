import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Observable } from '@babylonjs/core/Misc/observable.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { Scene } from '@babylonjs/core/scene.js';
import { holdQuietLog } from '../../workers/quiet-log.ts';
import { BodySync } from '../scene/body-sync.ts';
import { enablePhysics } from '../scene/havok.ts';
import { requirePhysics, stepPhysics } from '../scene/physics.ts';

/** A scene with Havok, gravity −9.81 m/s² along y and steps of 1/60 s; no renderer, no camera, no banner in the log. */
export async function createBareScene(): Promise<Scene> {
  const release = holdQuietLog();
  const scene = new Scene(new NullEngine());
  release();
  await enablePhysics(scene);
  return scene;
}

/** A node with a dynamic box of 1 m and 1 kg, `height` m above the origin. */
export function createBareNode(name: string, scene: Scene, height = 0): TransformNode {
  const node = new TransformNode(name, scene);
  node.position.y = height;
  node.computeWorldMatrix(true);
  new PhysicsAggregate(node, PhysicsShapeType.BOX, { mass: 1, extents: Vector3.One() }, scene);
  return node;
}

/** Advances the scene's physics by `steps` steps of 1/60 s. */
export function stepScene(scene: Scene, steps = 1): void {
  const physics = requirePhysics(scene, 'stepScene()');
  const bodies = new BodySync(physics);
  for (let i = 0; i < steps; i++) {
    stepPhysics(physics, 1 / 60);
    bodies.sync();
  }
}

/** Position, rotation and velocities of a node's body [13]. */
export function readMotion(node: TransformNode): number[] {
  const body = node.physicsBody;
  if (!body || !node.rotationQuaternion) throw new Error(`Node "${node.name}" has no body.`);
  const parts = [node.position, node.rotationQuaternion, body.getLinearVelocity(), body.getAngularVelocity()];
  return parts.flatMap((part) => part.asArray());
}

/** The number of observers on a node and its scene. Babylon drops removed ones a moment later, hence the wait. */
export async function countObservers(node: TransformNode): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 5));
  const scene = node.getScene();
  const observables = [node, scene, scene.getPhysicsEngine()?.getPhysicsPlugin() ?? {}]
    .flatMap((owner) => Object.values(owner))
    .filter((value) => value instanceof Observable);
  return observables.reduce((count, observable) => count + observable.observers.length, 0);
}
