import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsMotionType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import type { Notices } from '../plugin/core/notices.ts';
import type { Agent } from '../plugin/scene/agent.ts';
import { runtimeOf } from '../plugin/scene/agent-runtime.ts';
import type { Area } from '../plugin/scene/area.ts';
import { enterArea } from '../plugin/scene/area-at-hand.ts';
import { physicsOf } from '../plugin/scene/areas.ts';
import type { Environment } from '../plugin/scene/environment.ts';
import { havokCalls, type RayHit } from '../plugin/scene/havok-calls.ts';
import { bodyAround, currentWorldMatrix } from '../plugin/scene/physics.ts';

/** Episodes and decisions that are watched. */
const EPISODES = 3;
const DECISIONS = 600;
/** s of a fall before it is reported: from the start of an episode, and later, when it may be the end of one. */
const AT_START = 1;
const LATER = 3;
/** Share of what gravity would have given that counts as falling. */
const FREE = 0.5;
/** m that a ray looks down for a ground */
const DEEP = 10_000;
/** m from where an episode began, beyond which an agent has been thrown away */
const FAR = 1000;

/** An agent, and how it has been falling. */
interface Watched {
  readonly agent: Agent;
  readonly node: TransformNode;
  readonly began: Vector3;
  readonly last: Vector3;
  /** m/s upward, in its last decision */
  speed: number;
  /** s that its present fall has lasted, and m that it fell */
  fallen: number;
  depth: number;
  /** whether it has done nothing but fall in its episode */
  always: boolean;
  /** episodes in a row that it fell through from start to end */
  lost: number;
}

/**
 * Watches the agents of an area in its first episodes: for a fall that nothing below will end, and for agents that are thrown
 * far away. It only reads, so that the world stays as it would be.
 */
export class FallWatch {
  readonly area: Area;
  readonly #notices: Notices;
  readonly #physics: PhysicsEngine | undefined;
  /** s */
  readonly #decision: number;
  readonly #watched: readonly Watched[];
  readonly #now = new Vector3();
  #episodes = 0;
  #decisions = 0;
  #told = false;

  constructor(area: Area, environment: Environment, notices: Notices) {
    this.area = area;
    this.#notices = notices;
    this.#physics = physicsOf(area.scene, environment);
    this.#decision = environment.timeStep * environment.decisionPeriod;
    const agents = this.#physics ? area.agents.filter(({ attachedNode }) => attachedNode !== null) : [];
    this.#watched = agents.map((agent) => ({
      ...{ agent, node: agent.attachedNode as TransformNode, began: new Vector3(), last: new Vector3() },
      ...{ speed: 0, fallen: 0, depth: 0, always: true, lost: 0 },
    }));
    for (const agent of this.#watched) begin(agent);
  }

  /** Whether there is nothing more to learn. */
  get done(): boolean {
    return this.#told || this.#watched.length === 0 || this.#episodes >= EPISODES || this.#decisions >= DECISIONS;
  }

  /** The area's next episode has begun. */
  begin(): void {
    this.#episodes++;
    for (const watched of this.#watched) {
      watched.lost = watched.always && watched.fallen > 0 && watched.depth > 1 ? watched.lost + 1 : 0;
      if (watched.lost === EPISODES) this.#judgeFall(watched);
      begin(watched);
    }
  }

  /** A decision is over. */
  decided(): void {
    this.#decisions++;
    for (const watched of this.#watched) {
      if (!watched.agent.active || watched.node.isDisposed()) continue;
      this.#fall(watched);
      if (watched.always ? isOver(watched.fallen, AT_START) : isOver(watched.fallen, LATER)) this.#judgeFall(watched);
      if (!(Vector3.Distance(watched.last, watched.began) < FAR)) this.#tellFar(watched);
    }
  }

  /** Adds a decision to a fall, or ends it. */
  #fall(watched: Watched): void {
    const { last, speed, fallen } = watched;
    const now = readPlace(watched.node, this.#now);
    const drop = last.y - now.y;
    last.copyFrom(now);
    watched.speed = -drop / this.#decision;
    const due = FREE * -(this.#physics?.gravity.y ?? 0) * (fallen + this.#decision / 2); // m/s, in the middle of the decision
    const falls = due > 0 && -watched.speed >= due && watched.speed <= 0.9 * speed;
    watched.always &&= falls;
    watched.fallen = falls ? fallen + this.#decision : 0;
    watched.depth = falls ? watched.depth + drop : 0;
  }

  #judgeFall({ agent, node, fallen, depth, always }: Watched): void {
    if (!this.#physics || this.#hasGround(agent, node)) return;
    const meters = `${Number(depth.toFixed(1))} m`;
    if (always)
      this.#tell(
        `${agent.label} falls from the start of its episode, ${meters} in ${seconds(fallen)}, and nothing is below it. Give the ground a physics body, check that its files were loaded, or begin above it.`,
      );
    else
      this.#tell(
        `${agent.label} has fallen for ${seconds(fallen)}, ${meters} deep, nothing is below it, and its episode continues. End it: call terminate() in afterStep() when the node is below the ground.`,
      );
  }

  #tellFar({ agent, began, last }: Watched): void {
    const distance = Vector3.Distance(began, last);
    const far = Number.isFinite(distance) ? `${Math.round(distance).toLocaleString('en-US')} m` : 'infinitely far';
    this.#tell(
      `${agent.label} is ${far} from where its episode began. Check forces, joints and timeStep, and call terminate() in afterStep() when it leaves its area.`,
    );
  }

  /** Only the first finding is reported: its consequences would hide it. */
  #tell(message: string): void {
    if (!this.#told) this.#notices.add(`A${message.slice(1)}`); // a label begins with "agent"
    this.#told = true;
  }

  /** Whether a ray finds something below that does not fall as well, as the parts of a ragdoll do. */
  #hasGround(agent: Agent, node: TransformNode): boolean {
    const plugin = this.#physics?.getPhysicsPlugin() as HavokPlugin;
    currentWorldMatrix(node);
    const from = node.absolutePosition.clone();
    const to = from.add(new Vector3(0, -DEEP, 0));
    const hit: RayHit = { body: bodyAround(node), distance: 0 };
    const before = enterArea(runtimeOf(agent).home);
    try {
      for (let i = 0; i < 8; i++) {
        if (!havokCalls(node.getScene()).castRay(plugin, from, to, hit.body, hit)) return false;
        if (!hit.body || !isFalling(hit.body)) return true;
        from.y -= hit.distance;
      }
      return true;
    } finally {
      enterArea(before);
    }
  }
}

function begin(watched: Watched): void {
  watched.began.copyFrom(readPlace(watched.node, watched.last));
  watched.speed = watched.fallen = watched.depth = 0;
  watched.always = true;
}

function isOver(fallen: number, limit: number): boolean {
  return fallen > limit - 1e-6;
}

function isFalling(body: PhysicsBody): boolean {
  return body.getMotionType() === PhysicsMotionType.DYNAMIC && body.getLinearVelocity().y < -1;
}

/** Where a node is, as far as its own and its parents' positions say: asking for its world matrix would change what Babylon derives from it. */
function readPlace(node: TransformNode, out: Vector3): Vector3 {
  out.setAll(0);
  for (let at: TransformNode | null = node; at; at = at.parent as TransformNode | null)
    if (at.position) out.addInPlace(at.position); // a bone or a camera may be above
  return out;
}

function seconds(value: number): string {
  return `${Number(value.toFixed(1))} s`;
}
