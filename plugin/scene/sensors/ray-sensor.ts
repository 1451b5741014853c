import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import { PhysicsShapeSphere } from '@babylonjs/core/Physics/v2/physicsShape.js';
import { aboveZero, aFinite, fromZero, integerFrom, optional } from '../../core/options.ts';
import { AgentPart } from '../agent-part.ts';
import { enterArea, isForeign, type NeighborArea, neighborAround } from '../area-at-hand.ts';
import { babylonCalls, havokCalls, type RayHit } from '../havok-calls.ts';
import { requirePartOptions, someTags } from '../part-options.ts';
import type { Ink, Pen } from '../pen.ts';
import { bodyAround, currentWorldMatrix, isMirrored, requirePhysics } from '../physics.ts';
import type { Sensor } from '../sensor.ts';
import { NOT_ANYWHERE } from './nan-remedies.ts';
import { findTag } from './tags.ts';

/** Options of a {@link RaySensor}. */
export interface RaySensorOptions {
  /** the Babylon tags to detect; set them on nodes with a body, as in `Tags.AddTagsTo(mesh, 'goal')` */
  readonly tags: readonly string[];
  /** `rays` by default */
  readonly name?: string;
  /** rays on each side of the one straight ahead; 3 by default */
  readonly raysPerDirection?: number;
  /** rad between the ray ahead and the outermost ones; 70° by default */
  readonly maxAngle?: number;
  /** m, whatever the node's scaling; 20 by default */
  readonly length?: number;
  /** m, radius of the ball cast along each ray; 0, the default, casts thin rays at half the cost */
  readonly sphereRadius?: number;
  /** m from the node to the start of the rays, along its own y axis; 0 by default */
  readonly startOffset?: number;
  /** m from the node's level to the end of the rays, along its own y axis; 0 by default */
  readonly endOffset?: number;
}

/**
 * Casts a level fan of rays, like ML-Agents' RayPerceptionSensor. For every ray it writes `tags.length + 2` floats: one per
 * tag, 1 for the first tag of the list that the hit node has; a flag, 1 if nothing was hit; and the hit distance as a
 * fraction of the ray's length, 1 if nothing was hit. If the hit node has none of the tags, they and the flag are 0.
 *
 * The rays are in the node's own horizontal plane, around its y axis: straight ahead (z), then δ to the right (x), δ to
 * the left, 2δ to the right and so on, δ = maxAngle / raysPerDirection. Offsets move their ends out of that plane. They
 * hit all bodies except triggers, other areas' bodies and the body that the sensor's node belongs to.
 *
 * With a sphereRadius, a ball is cast along each ray, and its center gives the distance. A ball that starts inside a body
 * has distance 0, while ML-Agents' passes through that body; it may slide along what it touches, such as level ground.
 * If the node can tilt, keep the ball off the ground with a smaller radius or with offsets. An agent may have several ray
 * sensors if their names differ.
 */
export class RaySensor extends AgentPart implements Sensor {
  readonly nanRemedy: string = NOT_ANYWHERE;
  readonly size: number;
  /** the tags it detects, in the order of its floats */
  readonly tags: readonly string[];
  readonly #length: number;
  readonly #radius: number;
  /** m along the node's y axis */
  readonly #startOffset: number;
  readonly #endOffset: number;
  /** m from a ray's start to its end */
  readonly #reach: number;
  /** [rays] rad to the right of straight ahead, as sine and cosine */
  readonly #sines: Float64Array;
  readonly #cosines: Float64Array;
  #plugin: HavokPlugin | undefined;
  #havok = babylonCalls;
  /** the ball to cast, if sphereRadius is above 0 */
  #ball: PhysicsShapeSphere | undefined;
  /** the sensor's own body, which the rays ignore */
  #own: PhysicsBody | null = null;
  /** its node's area, if that has neighbors; null: not looked up yet */
  #area: NeighborArea | undefined | null = null;
  readonly #hit: RayHit = { body: null, distance: 0 };
  readonly #start = new Vector3();
  readonly #ahead = new Vector3();
  readonly #right = new Vector3();
  readonly #up = new Vector3();
  readonly #end = new Vector3();
  readonly #side = new Vector3();
  readonly #from = new Vector3();

  constructor(options: RaySensorOptions) {
    const {
      tags,
      name = 'rays',
      raysPerDirection = 3,
      maxAngle = (70 * Math.PI) / 180,
      length = 20,
      sphereRadius = 0,
      startOffset = 0,
      endOffset = 0,
    } = requirePartOptions('Sensor', 'rays', options, RULES);
    super(name);
    const angles = alternatingAngles(raysPerDirection, maxAngle);
    this.size = angles.length * (tags.length + 2);
    this.tags = [...tags];
    this.#length = length;
    this.#radius = sphereRadius;
    this.#startOffset = startOffset;
    this.#endOffset = endOffset;
    this.#reach = Math.hypot(length, endOffset - startOffset);
    this.#sines = Float64Array.from(angles, Math.sin);
    this.#cosines = Float64Array.from(angles, Math.cos);
  }

  protected override onAttach(node: TransformNode): void {
    this.#plugin = requirePhysics(node.getScene(), `Sensor "${this.name}"`).getPhysicsPlugin() as HavokPlugin;
    this.#havok = havokCalls(node.getScene());
    if (this.#radius > 0) this.#ball = new PhysicsShapeSphere(Vector3.Zero(), this.#radius, node.getScene());
  }

  override detach(): void {
    super.detach();
    this.#ball?.dispose();
    this.#ball = undefined;
    this.#area = null;
  }

  observe(out: Float32Array, offset: number): void {
    const stride = this.tags.length + 2;
    const before = this.#enter();
    this.#aim(this.node);
    for (let ray = 0; ray < this.#sines.length; ray++) this.#write(this.#cast(ray), out, offset + ray * stride);
    enterArea(before);
  }

  /** Draws every ray up to its hit; with sphereRadius, also a bar across as wide as the ball. */
  draw(pen: Pen): void {
    const before = this.#enter();
    this.#aim(this.node);
    for (let ray = 0; ray < this.#sines.length; ray++) {
      const met = this.#cast(ray);
      if (met) Vector3.LerpToRef(this.#start, this.#end, this.#hit.distance / this.#reach, this.#end);
      const ink = met ? 'hit' : 'clear';
      pen.line(this.#start, this.#end, ink);
      if (met) pen.point(this.#end, ink);
      if (this.#ball) this.#drawBall(ray, pen, ink);
    }
    enterArea(before);
  }

  #drawBall(ray: number, pen: Pen, ink: Ink): void {
    this.#right.scaleToRef(this.#cosines[ray] * this.#radius, this.#side);
    this.#ahead.scaleAndAddToRef(-this.#sines[ray] * this.#radius, this.#side);
    this.#end.subtractToRef(this.#side, this.#from);
    pen.line(this.#from, this.#end.addInPlace(this.#side), ink);
  }

  /** Casts a ray; leaves its far end in #end and the hit in #hit. */
  #cast(ray: number): boolean {
    this.#ahead.scaleToRef(this.#cosines[ray] * this.#length, this.#end);
    this.#right.scaleAndAddToRef(this.#sines[ray] * this.#length, this.#end);
    this.#up.scaleAndAddToRef(this.#endOffset - this.#startOffset, this.#end);
    this.#end.addInPlace(this.#start);
    const met = this.#look(this.#start, this.#own);
    return met && this.#area?.sharesBits ? this.#lookOn(this.#area) : met;
  }

  #look(from: Vector3, ignored: PhysicsBody | null): boolean {
    if (this.#ball) return this.#havok.castBall(this.#plugin!, this.#ball, from, this.#end, ignored, this.#hit);
    return this.#havok.castRay(this.#plugin!, from, this.#end, ignored, this.#hit);
  }

  /** Casts on beyond bodies of other areas that share its collision bits; these are far away, so few rays get there. */
  #lookOn(area: NeighborArea): boolean {
    const hit = this.#hit;
    let gone = 0;
    while (hit.body && isForeign(hit.body.transformNode, area)) {
      gone += Math.max(hit.distance, this.#radius, LEAST_ADVANCE);
      if (gone >= this.#reach) return false;
      Vector3.LerpToRef(this.#start, this.#end, gone / this.#reach, this.#from);
      if (!this.#look(this.#from, hit.body)) return false;
    }
    hit.distance += gone;
    return true;
  }

  /** Limits rays to the area of its node; looked up late, since the node may get its parent after its sensors. */
  #enter(): NeighborArea | undefined {
    if (this.#area === null) {
      this.#area = neighborAround(this.node);
      if (this.#ball) this.#area?.own(this.#ball);
    }
    return enterArea(this.#area);
  }

  #aim(node: TransformNode): void {
    currentWorldMatrix(node).getTranslationToRef(this.#start);
    AHEAD.applyRotationQuaternionToRef(node.absoluteRotationQuaternion, this.#ahead);
    RIGHT.applyRotationQuaternionToRef(node.absoluteRotationQuaternion, this.#right);
    UP.applyRotationQuaternionToRef(node.absoluteRotationQuaternion, this.#up);
    if (isMirrored(node)) this.#up.scaleInPlace(-1);
    this.#up.scaleAndAddToRef(this.#startOffset, this.#start);
    this.#own = bodyAround(node);
  }

  #write(met: boolean, out: Float32Array, at: number): void {
    const { distance, body } = this.#hit;
    const missAt = at + this.tags.length;
    out.fill(0, at, missAt);
    out[missAt] = met ? 0 : 1;
    out[missAt + 1] = met ? distance / this.#reach : 1;
    const tag = met && body ? findTag(body.transformNode, this.tags) : -1;
    if (tag >= 0) out[at + tag] = 1;
  }
}

/** m, least advance of a ray past a body of another area */
const LEAST_ADVANCE = 0.05;

const RULES = {
  tags: someTags,
  raysPerDirection: optional(integerFrom(0)),
  maxAngle: optional((value) =>
    typeof value === 'number' && value >= 0 && value <= Math.PI
      ? undefined
      : 'an angle in radians, from 0 to π: (70 * Math.PI) / 180 for 70°',
  ),
  length: optional(aboveZero),
  sphereRadius: optional(fromZero(' of meters')),
  startOffset: optional(aFinite),
  endOffset: optional(aFinite),
};

const AHEAD = Vector3.Forward();
const RIGHT = Vector3.Right();
const UP = Vector3.Up();

/** [1 + 2 · raysPerDirection] rad to the right: 0, δ, −δ, 2δ, −2δ … */
function alternatingAngles(raysPerDirection: number, maxAngle: number): number[] {
  const angles = [0];
  for (let i = 1; i <= raysPerDirection; i++) {
    const angle = (i * maxAngle) / raysPerDirection;
    angles.push(angle, -angle);
  }
  return angles;
}
