import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsMotionType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { Notices } from '../plugin/core/notices.ts';
import type { Area } from '../plugin/scene/areas.ts';
import { nodesOf } from '../plugin/scene/scene-nodes.ts';

/** Episodes that are watched; a body must be left alone after each of them to be told of. */
const EPISODES = 3;
/** What counts as moved by an episode [m, rad], and as not moved by reset(). */
const MOVED = 0.1;
const TURNED = 0.2;
const SAME = 1e-6;
/** m that reset() must have moved a node by, for its body to be told apart that stayed behind */
const FAR = 0.5;

/** A body's node, at the three moments that say who moved it. Poses are local, so that reading them changes nothing. */
interface Watched {
  readonly node: TransformNode;
  /** when the episode began, when it ended, and after the reset that followed */
  readonly began: Pose;
  readonly ended: Pose;
  readonly reset: Pose;
  /** episodes that moved it and were followed by a reset() that did not */
  left: number;
}

/**
 * Watches the first episodes of an area for bodies that reset() forgets: ones that it leaves where the episode had moved
 * them, and ones of which it moves the node alone, which Babylon then puts back.
 */
export class ResetWatch {
  readonly area: Area;
  readonly #notices: Notices;
  readonly #environment: string;
  readonly #watched: readonly Watched[];
  #episodes = 0;
  #resetJustNow = false;

  constructor(area: Area, environment: string, notices: Notices) {
    this.area = area;
    this.#environment = environment;
    this.#notices = notices;
    this.#watched = freeBodies(area).map((node) => ({
      ...{ node, began: new Pose(), ended: new Pose(), reset: new Pose(), left: 0 },
    }));
    for (const { node, began } of this.#watched) began.read(node);
  }

  /** Whether there is nothing more to learn. */
  get done(): boolean {
    return this.#watched.length === 0 || (this.#episodes >= EPISODES && !this.#resetJustNow);
  }

  /** The area's episode is over, and reset() comes next. */
  end(): void {
    for (const { node, ended } of this.#watched) ended.read(node);
  }

  /** reset() was called. */
  begin(): void {
    this.#episodes++;
    this.#resetJustNow = true;
    for (const body of this.#watched) {
      const { node, began, ended, reset } = body;
      reset.read(node);
      const moved = began.distance(ended) > MOVED || began.angle(ended) > TURNED;
      if (moved && ended.distance(reset) < SAME && ended.angle(reset) < SAME) body.left++;
      if (body.left === EPISODES) this.#tellLeft(body);
      began.read(node);
    }
  }

  /** A decision is over. */
  decided(): void {
    if (!this.#resetJustNow) return;
    this.#resetJustNow = false;
    const now = new Pose();
    for (const { node, ended, reset } of this.#watched) {
      const way = ended.distance(reset);
      if (way > FAR && now.read(node).distance(ended) < way / 4) this.#tellPutBack(node);
    }
  }

  #tellLeft({ node, ended }: Watched): void {
    this.#notices.add(
      `reset() of environment "${this.#environment}" leaves node "${node.name}" where the episode has moved it, so in area ${this.area.index} after each of its first ${EPISODES} episodes, last at ${ended.text}. Put it back by respawn() or teleport(), or all nodes by rememberPoses(). If episodes are meant to go on where the last one stopped, all is well.`,
    );
  }

  #tellPutBack(node: TransformNode): void {
    this.#notices.add(
      `reset() of environment "${this.#environment}" moves node "${node.name}" but not its physics body, so the next step puts the node back. Move both by respawn() or teleport().`,
    );
  }
}

class Pose {
  readonly #position = new Vector3();
  readonly #rotation = new Quaternion();

  read(node: TransformNode): this {
    this.#position.copyFrom(node.position);
    if (node.rotationQuaternion) this.#rotation.copyFrom(node.rotationQuaternion);
    else Quaternion.FromEulerVectorToRef(node.rotation, this.#rotation);
    return this;
  }

  /** m */
  distance(other: Pose): number {
    return Vector3.Distance(this.#position, other.#position);
  }

  /** about rad, for small angles: twice the chord between the quaternions, of which −q is the same rotation as q */
  angle(other: Pose): number {
    const a = this.#rotation;
    const b = other.#rotation;
    const sign = Quaternion.Dot(a, b) < 0 ? -1 : 1;
    return 2 * Math.hypot(a.x - sign * b.x, a.y - sign * b.y, a.z - sign * b.z, a.w - sign * b.w);
  }

  /** `(1.2, 0.5, −3)` */
  get text(): string {
    const { x, y, z } = this.#position;
    return `(${[x, y, z].map((value) => Number(value.toFixed(2))).join(', ')})`;
  }
}

/** The nodes of an area whose bodies physics moves, and no other body above them does. */
function freeBodies({ root, scene, ownScene }: Area): readonly TransformNode[] {
  const nodes = ownScene ? nodesOf(scene) : root.getChildTransformNodes(false);
  return nodes.filter(({ physicsBody, parent }) => {
    if (!physicsBody || physicsBody.numInstances > 0) return false;
    return physicsBody.getMotionType() === PhysicsMotionType.DYNAMIC && !hasBodyAbove(parent as TransformNode | null);
  });
}

function hasBodyAbove(node: TransformNode | null): boolean {
  return node !== null && (Boolean(node.physicsBody) || hasBodyAbove(node.parent as TransformNode | null));
}
