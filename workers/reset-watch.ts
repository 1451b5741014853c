import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsMotionType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { Notices } from '../plugin/core/notices.ts';
import type { Area } from '../plugin/scene/area.ts';
import type { Environment } from '../plugin/scene/environment.ts';
import { hasRegions } from '../plugin/scene/physics-step.ts';
import { nodesOf } from '../plugin/scene/scene-nodes.ts';
import { isShown } from './is-shown.ts';
import { WatchedPose as Pose } from './watched-pose.ts';

/** Episodes to watch; a body is reported if it is left alone after each of them. */
const EPISODES = 3;
/** What counts as moved by an episode [m, rad], and as not moved by reset(). */
const MOVED = 0.1;
const TURNED = 0.2;
const SAME = 1e-6;
/** m that reset() must have moved a node by, and that its body must be away from it, for the body to have stayed behind */
const FAR = 0.5;
/** How much farther than its speeds allow a body must have come in a decision, for the environment to have put it there. */
const LEAP = 2;

/** Queries to Havok itself. */
interface BodyReader {
  HP_Body_GetQTransform(id: unknown): [result: unknown, pose: Parameters<Pose['set']>];
}

/** A body's node, at the three moments that say who moved it. Poses are local, so that reading them changes nothing. */
interface Watched {
  readonly node: TransformNode;
  /** when the episode began, when it ended, and after the reset that followed */
  readonly began: Pose;
  readonly ended: Pose;
  readonly reset: Pose;
  /** when the last decision was over */
  readonly last: Pose;
  /** m/s, at the same time */
  speed: number;
  /** whether the environment puts it somewhere during an episode, as it fires a bullet from a pool */
  placed: boolean;
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
  readonly #environment: Environment;
  readonly #watched: readonly Watched[];
  readonly #now = new Pose();
  #episodes = 0;

  constructor(area: Area, environment: Environment, notices: Notices) {
    this.area = area;
    this.#environment = environment;
    this.#notices = notices;
    this.#watched = freeBodies(area).map((node) => ({
      ...{ node, began: new Pose(), ended: new Pose(), reset: new Pose(), last: new Pose() },
      ...{ speed: 0, placed: false, left: 0 },
    }));
    for (const body of this.#watched) begin(body);
  }

  /** Whether there is nothing more to learn. */
  get done(): boolean {
    return this.#watched.length === 0 || this.#episodes >= EPISODES;
  }

  /** The area's episode is over, and reset() comes next. */
  end(): void {
    for (const { node, ended } of this.#watched) ended.read(node);
  }

  /** reset() was called. */
  begin(): void {
    this.#episodes++;
    for (const body of this.#watched) {
      const { node, began, ended, reset, placed } = body;
      reset.read(node);
      const moved = began.distance(ended) > MOVED || began.angle(ended) > TURNED;
      const left = moved && ended.distance(reset) < SAME && ended.angle(reset) < SAME;
      if (left && !placed && isShown(node)) body.left++;
      if (body.left === EPISODES) this.#tellLeft(body);
      this.#compare(body);
      begin(body);
    }
  }

  /** A decision is over. */
  decided(): void {
    const { timeStep, decisionPeriod } = this.#environment;
    for (const body of this.#watched) {
      const { node, last, speed } = body;
      if (body.placed || node.isDisposed()) continue;
      body.speed = speedOf(node);
      const reach = LEAP * Math.max(speed, body.speed) * timeStep * decisionPeriod + MOVED;
      body.placed = last.distance(this.#now.read(node)) > reach;
      last.read(node);
    }
  }

  /** Looks whether a body is where reset() has put its node. */
  #compare({ node, ended, reset }: Watched): void {
    const moved = ended.distance(reset) > FAR;
    const turned = ended.angle(reset) > TURNED;
    const apart = moved || turned ? bodyApart(node) : undefined;
    if (apart && moved && apart.distance > FAR) this.#tellPutBack(node, 'moves');
    else if (apart && turned && apart.angle > TURNED) this.#tellPutBack(node, 'turns');
  }

  #tellLeft({ node, ended }: Watched): void {
    this.#notices.add(
      `reset() of environment "${this.#environment.name}" leaves node "${node.name}" where the episode has moved it, so in area ${this.area.index} after each of its first ${EPISODES} episodes, last at ${ended.text}. Put it back by respawn() or teleport(), or all nodes by rememberPoses(). If episodes are meant to continue where the last one stopped, ignore this.`,
    );
  }

  #tellPutBack(node: TransformNode, does: 'moves' | 'turns'): void {
    this.#notices.add(
      `reset() of environment "${this.#environment.name}" ${does} node "${node.name}" but not its physics body, so the next step puts the node back. ${does === 'moves' ? 'Move' : 'Turn'} both by respawn() or teleport().`,
    );
  }
}

/** An episode begins with a body where it is now. */
function begin(body: Watched): void {
  const { node, began, last } = body;
  began.read(node);
  last.read(node);
  body.speed = speedOf(node);
}

/** m/s */
function speedOf({ physicsBody }: TransformNode): number {
  return physicsBody ? physicsBody.getLinearVelocity().length() : 0;
}

/** How far a body is from where its node is, m and rad; undefined where physics will not move the node there, or it cannot be told. */
function bodyApart(node: TransformNode): { readonly distance: number; readonly angle: number } | undefined {
  const { physicsBody: body } = node;
  if (!body?.disablePreStep || body.disableSync || body.numInstances > 0) return undefined;
  if (body.getMotionType() !== PhysicsMotionType.DYNAMIC) return undefined;
  const plugin = node.getScene().getPhysicsEngine()?.getPhysicsPlugin() as HavokPlugin;
  if (hasRegions(plugin)) return undefined; // positions are from an origin of their own
  const [, [position, rotation]] = (plugin._hknp as BodyReader).HP_Body_GetQTransform(body._pluginData.hpBodyId);
  const there = new Pose().set(position, rotation);
  const here = new Pose().readAbsolute(node);
  return { distance: here.distance(there), angle: here.angle(there) };
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
