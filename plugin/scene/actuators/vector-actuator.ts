import { type Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import { oneOf, optional } from '../../core/options.ts';
import type { Actuator } from '../actuator.ts';
import { AgentPart } from '../agent-part.ts';
import { babylonCalls, type HavokCalls, havokCalls } from '../havok-calls.ts';
import { type Means, requireMovableBody } from '../movable-body.ts';
import type { Pen } from '../pen.ts';
import { currentWorldMatrix, isMirrored, requireBody, requirePhysics } from '../physics.ts';

/** The axes that an actuator pushes along or turns around: one continuous action per letter. */
export type ActuatedAxes = 'x' | 'y' | 'z' | 'xy' | 'xz' | 'yz' | 'xyz';

/** Whose axes to use: the actuator's node's or the world's. */
export type ActuatorFrame = 'own' | 'world';

/** Rules for the options that both actuators share. */
export const VECTOR_RULES = {
  axes: optional((value) =>
    typeof value === 'string' && /^(?!$)x?y?z?$/.test(value)
      ? undefined
      : 'one to three of x, y and z in this order, such as "xz"',
  ),
  frame: optional(oneOf('own', 'world')),
} as const;

/** m, length of the drawn arrow for an action of 1 */
const DRAWN_LENGTH = 2;

/** The common part of the force and torque actuators: one float per axis becomes a world vector that acts on the node's body. */
export abstract class VectorActuator extends AgentPart implements Actuator {
  readonly continuous: number;
  readonly branches: readonly number[] = [];
  readonly #who: string;
  readonly #means: Means;
  readonly #max: number;
  readonly #frame: ActuatorFrame;
  /** index of the actions for x, y and z; −1 = none */
  readonly #x: number;
  readonly #y: number;
  readonly #z: number;
  readonly #vector = new Vector3();
  readonly #from = new Vector3();
  #physics: PhysicsEngine | undefined;
  #havok = babylonCalls;

  constructor(name: string, max: number, axes: ActuatedAxes, frame: ActuatorFrame, means: Means) {
    super(name);
    this.#who = `Actuator "${name}"`;
    this.#means = means;
    this.continuous = axes.length;
    this.#max = max;
    this.#frame = frame;
    this.#x = axes.indexOf('x');
    this.#y = axes.indexOf('y');
    this.#z = axes.indexOf('z');
  }

  protected override onAttach(node: TransformNode): void {
    requireMovableBody(node, this.#who, this.#means);
    this.#physics = requirePhysics(node.getScene(), this.#who);
    this.#havok = havokCalls(node.getScene());
  }

  apply(action: Float32Array, offset: number): void {
    const body = requireBody(this.node, this.#who); // its node may have been given another
    this.#direct(action, offset, this.#max);
    this.#vector.scaleInPlace(this.#physics!.getTimeStep());
    this.push(this.#havok, body, this.#vector);
  }

  /** Draws an arrow from its node along the force, or the axis of the torque, 2 m long for an action of 1. */
  draw(pen: Pen, action: Float32Array, offset: number): void {
    this.#direct(action, offset, DRAWN_LENGTH).getTranslationToRef(this.#from);
    pen.arrow(this.#from, this.#vector.addInPlace(this.#from), 'action');
  }

  /** Writes the scaled action to #vector in the world's axes; returns the node's world matrix. */
  #direct(action: Float32Array, offset: number, scale: number): Matrix {
    const world = currentWorldMatrix(this.node);
    this.#vector.set(
      this.#x < 0 ? 0 : action[offset + this.#x] * scale,
      this.#y < 0 ? 0 : action[offset + this.#y] * scale,
      this.#z < 0 ? 0 : action[offset + this.#z] * scale,
    );
    if (this.#frame === 'own') {
      if (isMirrored(this.node)) this.#vector.y = -this.#vector.y;
      this.#vector.applyRotationQuaternionInPlace(this.node.absoluteRotationQuaternion);
    }
    return world;
  }

  /**
   * Applies an impulse to the body: the actuator's force or torque over the coming physics step, as a world vector. The
   * node's world matrix is current.
   *
   * @internal
   */
  protected abstract push(havok: HavokCalls, body: PhysicsBody, impulse: Vector3): void;
}
