import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Physics6DoFConstraint } from '@babylonjs/core/Physics/v2/physicsConstraint.js';
import { type AreaContext, currentWorldMatrix, teleport } from '../../../plugin/index.ts';
import { type HavokCalls, havokCalls } from '../../../plugin/scene/havok-calls.ts';
import { createAnchor, createHinge, createSlide, keepInPlane, type Range } from '../../planar-joints.ts';
import { createLinks, type Link } from './link-bodies.ts';
import type { LinkSpec, Place } from './link-spec.ts';

/** How the root is held: free in the plane, sliding along x between −1 and 1 m, or turning around its origin. */
export type RootFreedom = 'plane' | 'slide' | 'turn';

export interface ArticulationSpec {
  /** the root first, every link after the one that it hangs on */
  readonly links: readonly LinkSpec[];
  readonly freedom: RootFreedom;
  /** the place of the root, in the drawn pose, that its position stands for */
  readonly origin: Place;
  /** 1: joint angles count from x to y; −1: from y to x, which is forward */
  readonly sense: 1 | -1;
  /** kg of all links; their density follows from it */
  readonly totalMass?: number;
}

const SLIDE: Range = { low: -1, high: 1 };

const FORWARD = Vector3.Forward();
const position = new Vector3();
const rotation = new Quaternion();
const linearVelocity = new Vector3();
const angularVelocity = new Vector3();
const impulseVector = new Vector3();

/**
 * Rigid links in the plane z = 0, joined by hinges, with the state that MuJoCo keeps of such a thing: place and angle of
 * the root, an angle for every joint, and their speeds. L links have L − 1 joints, in the links' order.
 *
 * Speeds are how far something moved in the last step: the velocities that Havok keeps of a body that rests on its feet
 * are not 0, though it stays where it is.
 */
export class Articulation {
  readonly links: readonly Link[];
  /** s of a physics step */
  readonly timeStep: number;
  /** [L] rad that a link is turned from x to y since it was drawn, whole turns counted; and rad/s */
  readonly turns: Float64Array;
  readonly spins: Float64Array;
  /** [L] of `turns` */
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
  /** [L − 1] rad and rad/s, in the articulation's sense */
  readonly angles: Float64Array;
  readonly speeds: Float64Array;
  /** m and m/s of the root's origin */
  x = 0;
  y = 0;
  speedX = 0;
  speedY = 0;
  readonly sense: 1 | -1;
  readonly #havok: HavokCalls;
  /** [L, 4] where the centers go that place() puts: x, y, and their speeds */
  readonly #centers: Float64Array;

  constructor(area: AreaContext, timeStep: number, { links, freedom, origin, sense, totalMass }: ArticulationSpec) {
    this.links = createLinks(area, links, origin, totalMass);
    this.timeStep = timeStep;
    this.sense = sense;
    this.#havok = havokCalls(area.scene);
    const count = links.length;
    this.turns = new Float64Array(count);
    this.spins = new Float64Array(count);
    this.cosines = new Float64Array(count);
    this.sines = new Float64Array(count);
    this.angles = new Float64Array(count - 1);
    this.speeds = new Float64Array(count - 1);
    this.#centers = new Float64Array(4 * count);
    const constraints = [
      holdRoot(area, this.links[0], freedom),
      ...this.links.slice(1).map((link) => this.#hang(link)),
    ];
    area.root.onDisposeObservable.addOnce(() => {
      for (const constraint of constraints) constraint.dispose();
    });
  }

  /**
   * Takes the state from x, y, `angles` and their speeds, and the root's turn and spin from the arguments; puts the bodies
   * where that has them.
   */
  place(turn: number, spin: number): void {
    this.turns[0] = turn;
    this.spins[0] = spin;
    for (let i = 0; i < this.links.length; i++) {
      const { parent } = this.links[i];
      if (parent >= 0) {
        this.turns[i] = this.turns[parent] + this.sense * this.angles[i - 1];
        this.spins[i] = this.spins[parent] + this.sense * this.speeds[i - 1];
      }
      this.cosines[i] = Math.cos(this.turns[i]);
      this.sines[i] = Math.sin(this.turns[i]);
      this.#placeBody(i);
    }
  }

  /** Reads the state from the bodies: after every physics step. */
  read(): void {
    const { links, turns, spins, timeStep } = this;
    for (let i = 0; i < links.length; i++) {
      const { z, w } = links[i].node.rotationQuaternion!;
      const turned = wrap(2 * Math.atan2(z, w) - turns[i]);
      turns[i] += turned;
      spins[i] = turned / timeStep;
      this.cosines[i] = 1 - 2 * z * z;
      this.sines[i] = 2 * z * w;
    }
    for (let i = 1; i < links.length; i++) {
      const { parent } = links[i];
      this.angles[i - 1] = this.sense * (turns[i] - turns[parent]);
      this.speeds[i - 1] = this.sense * (spins[i] - spins[parent]);
    }
    this.#readOrigin();
  }

  /** Turns one link for a physics step [N·m·s], from x to y. */
  twist(i: number, impulse: number): void {
    this.#havok.applyAngularImpulse(this.links[i].node.physicsBody!, impulseVector.set(0, 0, impulse));
  }

  /** Turns a joint's two links against one another for a physics step [N·m·s], in the articulation's sense. */
  twistJoint(joint: number, impulse: number): void {
    this.twist(joint + 1, this.sense * impulse);
    this.twist(this.links[joint + 1].parent, -this.sense * impulse);
  }

  /** Pushes one link's center along x [kg·m/s]. */
  push(i: number, impulse: number): void {
    const { node } = this.links[i];
    currentWorldMatrix(node).getTranslationToRef(position);
    this.#havok.applyImpulse(node.physicsBody!, impulseVector.set(impulse, 0, 0), position);
  }

  /** Follows the drawing from the parent's center, or the root's origin, over the joint to the link's own center. */
  #placeBody(i: number): void {
    const { node, parent, toJoint, toCenter } = this.links[i];
    const at = 4 * i;
    const centers = this.#centers;
    if (parent < 0) {
      centers[at] = this.x;
      centers[at + 1] = this.y;
      centers[at + 2] = this.speedX;
      centers[at + 3] = this.speedY;
    } else {
      centers.copyWithin(at, 4 * parent, 4 * parent + 4);
      this.#advance(at, parent, toJoint);
    }
    this.#advance(at, i, toCenter);
    position.set(centers[at], centers[at + 1], 0);
    linearVelocity.set(centers[at + 2], centers[at + 3], 0);
    angularVelocity.set(0, 0, this.spins[i]);
    Quaternion.RotationAxisToRef(FORWARD, this.turns[i], rotation);
    teleport(node, { position, rotation, linearVelocity, angularVelocity });
  }

  /** Moves the place at `at` along a vector that is drawn on link i: p += R v, ṗ += ω × R v. */
  #advance(at: number, i: number, { x, y }: Vector3): void {
    const alongX = this.cosines[i] * x - this.sines[i] * y;
    const alongY = this.sines[i] * x + this.cosines[i] * y;
    this.#centers[at] += alongX;
    this.#centers[at + 1] += alongY;
    this.#centers[at + 2] -= this.spins[i] * alongY;
    this.#centers[at + 3] += this.spins[i] * alongX;
  }

  #readOrigin(): void {
    const { node, toCenter } = this.links[0];
    const x = node.position.x - (this.cosines[0] * toCenter.x - this.sines[0] * toCenter.y);
    const y = node.position.y - (this.sines[0] * toCenter.x + this.cosines[0] * toCenter.y);
    this.speedX = (x - this.x) / this.timeStep;
    this.speedY = (y - this.y) / this.timeStep;
    this.x = x;
    this.y = y;
  }

  #hang({ spec, node, parent, toJoint, toCenter }: Link): Physics6DoFConstraint {
    const pivots = { parent: toJoint, child: toCenter.negate() };
    const range = spec.joint?.range;
    return createHinge(this.links[parent].node, node, pivots, range && inSense(range, this.sense));
  }
}

function holdRoot(area: AreaContext, { node, toCenter }: Link, freedom: RootFreedom): Physics6DoFConstraint {
  const anchor = createAnchor(area);
  const pivots = { parent: Vector3.Zero(), child: toCenter.negate() };
  if (freedom === 'plane') return keepInPlane(anchor, node, pivots);
  if (freedom === 'slide') return createSlide(anchor, node, pivots, SLIDE);
  return createHinge(anchor, node, pivots);
}

function inSense([low, high]: readonly [number, number], sense: 1 | -1): Range {
  return sense === 1 ? { low, high } : { low: -high, high: -low };
}

/** The same angle [rad] in [−π, π]. */
function wrap(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}
