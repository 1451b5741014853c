import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { PhysicsShape } from '@babylonjs/core/Physics/v2/physicsShape.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { findAreaRoot } from './area-roots.ts';
import { readPose } from './physics.ts';
import { nodesOf } from './scene-nodes.ts';

/** The box around a shape, along the axes of its body. */
export interface Extents {
  /** m from the body's position */
  readonly center: Vector3;
  /** m from there to a side */
  readonly half: Vector3;
  /** m from its center to its furthest point */
  readonly radius: number;
  /** whether the shape is a sphere */
  readonly round: boolean;
}

/** A node around a sensor, and the extents of its body. */
export class Surrounding {
  readonly node: TransformNode;
  /** m, its world position as of locate(); and its rotation */
  readonly place = new Vector3();
  readonly rotation = new Quaternion();
  #shape: PhysicsShape | undefined;
  #extents: Extents | undefined;

  constructor(node: TransformNode) {
    this.node = node;
  }

  /** Reads its current position and rotation. */
  locate(): void {
    readPose(this.node, this.place, this.rotation);
  }

  /** The extents of its body, measured when it got its shape; undefined if it has no body. */
  get extents(): Extents | undefined {
    const shape = this.node.physicsBody?.shape ?? undefined;
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#extents = shape && measureShape(shape);
    }
    return this.#extents;
  }
}

/**
 * The nodes around a sensor: those of its area if the scene has several areas, else those of the scene. The
 * list is rebuilt only when nodes come or go, and sensors of one area share it.
 */
export class Surroundings {
  readonly #scene: Scene;
  readonly #root: TransformNode | undefined;
  #holders = 0;
  #listed: readonly Surrounding[] = [];
  /** whether a node went since the list was made; Babylon tells of new meshes too late, which their number shows at once */
  #stale = true;
  #meshes = 0;
  #transformNodes = 0;
  readonly #onRemoved = () => {
    this.#stale = true;
  };

  /** Those of a node; call release() when they are no longer needed. */
  static hold(node: TransformNode): Surroundings {
    const root = findAreaRoot(node);
    const key = root ?? node.getScene();
    const surroundings = held.get(key) ?? new Surroundings(node.getScene(), root);
    held.set(key, surroundings);
    if (surroundings.#holders++ === 0) surroundings.#listen();
    return surroundings;
  }

  private constructor(scene: Scene, root: TransformNode | undefined) {
    this.#scene = scene;
    this.#root = root;
  }

  release(): void {
    if (--this.#holders > 0) return;
    this.#scene.onTransformNodeRemovedObservable.removeCallback(this.#onRemoved);
    this.#scene.onMeshRemovedObservable.removeCallback(this.#onRemoved);
    held.delete(this.#root ?? this.#scene);
  }

  get nodes(): readonly Surrounding[] {
    const { meshes, transformNodes } = this.#scene;
    if (this.#stale || meshes.length !== this.#meshes || transformNodes.length !== this.#transformNodes) {
      this.#stale = false;
      this.#meshes = meshes.length;
      this.#transformNodes = transformNodes.length;
      const nodes = this.#root ? this.#root.getChildTransformNodes(false) : nodesOf(this.#scene);
      this.#listed = nodes.map((node) => new Surrounding(node));
    }
    return this.#listed;
  }

  #listen(): void {
    this.#scene.onTransformNodeRemovedObservable.add(this.#onRemoved);
    this.#scene.onMeshRemovedObservable.add(this.#onRemoved);
  }
}

/** Those that somebody holds, by area or scene. */
const held = new WeakMap<TransformNode | Scene, Surroundings>();

function measureShape(shape: PhysicsShape): Extents {
  const { center, extendSize } = shape.getBoundingBox();
  const round = shape.type === PhysicsShapeType.SPHERE;
  const radius = round ? extendSize.x : extendSize.length();
  return { center: center.clone(), half: extendSize.clone(), radius, round };
}
