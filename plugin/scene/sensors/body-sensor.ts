import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { AgentsError } from '../../core/errors.ts';
import { aBoolean, optional } from '../../core/options.ts';
import { AgentPart } from '../agent-part.ts';
import { babylonCalls, havokCalls } from '../havok-calls.ts';
import { aNode, requirePartOptions } from '../part-options.ts';
import type { Pen } from '../pen.ts';
import { currentWorldMatrix, requireBody } from '../physics.ts';
import { requireNotDisposed } from '../require-node.ts';
import type { Sensor } from '../sensor.ts';
import { Frame } from './frame.ts';
import { NOT_ANYWHERE } from './nan-remedies.ts';

/** s of motion that draw() shows */
const DRAWN_MOTION = 0.25;

/** Options of a {@link BodySensor}. */
export interface BodySensorOptions {
  /** `body` by default */
  readonly name?: string;
  /** the node to observe; by default the sensor's own node */
  readonly of?: TransformNode;
  /** observe the position relative to this node [m] */
  readonly position?: TransformNode;
  /** observe the rotation relative to `frame` */
  readonly rotation?: boolean;
  /** observe the velocity of the center of mass [m/s]; needs a physics body */
  readonly linearVelocity?: boolean;
  /** observe the angular velocity [rad/s]; needs a physics body */
  readonly angularVelocity?: boolean;
  /** the axes for all values; velocities are still relative to the world. `world` by default */
  readonly frame?: TransformNode | 'world';
}

/**
 * Observes a node's position and motion. It writes the selected values in this order, with the number of floats in
 * brackets: position [3, m], rotation as a quaternion x y z w with w ≥ 0 [4], linear velocity [3, m/s], angular velocity
 * [3, rad/s].
 */
export class BodySensor extends AgentPart implements Sensor {
  readonly nanRemedy: string = NOT_ANYWHERE;
  readonly size: number;
  readonly #who: string;
  readonly #of: TransformNode | undefined;
  readonly #origin: TransformNode | undefined;
  readonly #chosen: { readonly rotation: boolean; readonly linearVelocity: boolean; readonly angularVelocity: boolean };
  readonly #frame: Frame;
  #havok = babylonCalls;
  readonly #vector = new Vector3();
  readonly #from = new Vector3();
  readonly #quaternion = new Quaternion();

  constructor(options: BodySensorOptions) {
    const {
      name = 'body',
      of,
      position,
      frame = 'world',
      ...chosen
    } = requirePartOptions('Sensor', 'body', options, RULES);
    super(name);
    const { rotation = false, linearVelocity = false, angularVelocity = false } = chosen;
    this.size = (position ? 3 : 0) + (rotation ? 4 : 0) + (linearVelocity ? 3 : 0) + (angularVelocity ? 3 : 0);
    this.#who = `Sensor "${name}"`;
    if (this.size === 0)
      throw new AgentsError(
        `${this.#who} observes nothing. Choose position, rotation, linearVelocity or angularVelocity.`,
      );
    this.#of = of;
    this.#origin = position;
    this.#chosen = { rotation, linearVelocity, angularVelocity };
    this.#frame = new Frame(frame);
  }

  protected override onAttach(node: TransformNode): void {
    if (!this.#chosen.linearVelocity && !this.#chosen.angularVelocity) return;
    requireBody(this.#of ?? node, this.#who);
    this.#havok = havokCalls(node.getScene());
  }

  observe(out: Float32Array, offset: number): void {
    const node = this.#of ?? this.node;
    const { rotation, linearVelocity, angularVelocity } = this.#chosen;
    if (this.#of?.isDisposed()) requireNotDisposed(this.#of, this.#who);
    if (this.#origin?.isDisposed()) requireNotDisposed(this.#origin, this.#who);
    this.#frame.update();
    let at = offset;
    if (this.#origin) at = this.#writePosition(node, this.#origin, out, at);
    if (rotation) at = this.#writeRotation(node, out, at);
    if (linearVelocity) {
      this.#havok.getLinearVelocity(requireBody(node, this.#who), this.#vector);
      at = this.#writeVector(out, at);
    }
    if (angularVelocity) {
      this.#havok.getAngularVelocity(requireBody(node, this.#who), this.#vector);
      this.#writeVector(out, at);
    }
  }

  /** Draws the line from the origin node, and the motion of the next 0.25 s. */
  draw(pen: Pen): void {
    const node = this.#of ?? this.node;
    currentWorldMatrix(node).getTranslationToRef(this.#from);
    if (this.#origin)
      pen.line(currentWorldMatrix(this.#origin).getTranslationToRef(this.#vector), this.#from, 'target');
    if (!this.#chosen.linearVelocity) return;
    this.#havok.getLinearVelocity(requireBody(node, this.#who), this.#vector);
    pen.arrow(this.#from, this.#vector.scaleInPlace(DRAWN_MOTION).addInPlace(this.#from), 'motion');
  }

  #writePosition(node: TransformNode, origin: TransformNode, out: Float32Array, at: number): number {
    currentWorldMatrix(origin).getTranslationToRef(this.#from);
    currentWorldMatrix(node).getTranslationToRef(this.#vector).subtractInPlace(this.#from);
    return this.#writeVector(out, at);
  }

  #writeRotation(node: TransformNode, out: Float32Array, at: number): number {
    const rotation = this.#quaternion;
    currentWorldMatrix(node);
    rotation.copyFrom(node.absoluteRotationQuaternion);
    this.#frame.expressRotation(rotation);
    const sign = rotation.w < 0 ? -1 : 1; // q and −q are the same rotation; write only one of them
    out[at] = sign * rotation.x;
    out[at + 1] = sign * rotation.y;
    out[at + 2] = sign * rotation.z;
    out[at + 3] = sign * rotation.w;
    return at + 4;
  }

  #writeVector(out: Float32Array, at: number): number {
    this.#frame.express(this.#vector);
    this.#vector.toArray(out, at);
    return at + 3;
  }
}

const RULES = {
  of: optional(aNode),
  position: optional(aNode),
  rotation: optional(aBoolean),
  linearVelocity: optional(aBoolean),
  angularVelocity: optional(aBoolean),
  frame: optional((value) => (value === 'world' ? undefined : aNode(value) && '"world" or a node of the scene')),
};
