import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import { AgentsError } from '../../core/errors.ts';
import { aFinite, listOf, type OptionRule, type OptionRules, optional, requireOptions } from '../../core/options.ts';
import type { Actuator } from '../actuator.ts';
import { AgentPart } from '../agent-part.ts';
import { babylonCalls, havokCalls } from '../havok-calls.ts';
import { requireMovableBody } from '../movable-body.ts';
import { requirePartOptions } from '../part-options.ts';
import type { Pen } from '../pen.ts';
import { currentWorldMatrix, isMirrored, requireBody, requirePhysics } from '../physics.ts';
import { CenterOfMass } from './center-of-mass.ts';

const MOVE_RULES: OptionRules<Move> = {
  forward: optional(aFinite),
  right: optional(aFinite),
  up: optional(aFinite),
  turn: optional(aFinite),
};

/** m, length of the drawn arrow for a push of 1 and for a turn of 1 */
const DRAWN_LENGTH = 2;

/** One move, as fractions of the actuator's push and turn speed; omitted fields are 0, and `{}` does nothing. */
export interface Move {
  /** along the node's own z axis */
  readonly forward?: number;
  /** along its x axis */
  readonly right?: number;
  /** along its y axis */
  readonly up?: number;
  /** about its y axis, from z to x: to the right */
  readonly turn?: number;
}

/** Options of a {@link MoveActuator}. */
export interface MoveActuatorOptions {
  /** branches: the agent chooses one move from each list */
  readonly choices?: readonly (readonly Move[])[];
  /** continuous actions: the agent scales each move by −1 to 1 */
  readonly axes?: readonly Move[];
  /** m/s that a push of 1 adds to the velocity in every physics step, independent of mass: ML-Agents' ForceMode.VelocityChange */
  readonly velocityChange?: number;
  /** N, force of a push of 1; use instead of velocityChange */
  readonly force?: number;
  /** rad/s for a turn of 1 */
  readonly turnSpeed?: number;
  /** `move` by default */
  readonly name?: string;
}

/**
 * Moves and steers its node's body by discrete choices, continuous actions, or both; the moves add up. PushBlock's seven choices:
 *
 *   new MoveActuator({
 *     choices: [[{}, { forward: 1 }, { forward: -1 }, { turn: 1 }, { turn: -1 }, { right: -0.75 }, { right: 0.75 }]],
 *     velocityChange: 2,
 *     turnSpeed: (200 * Math.PI) / 180,
 *   });
 *
 * Pushes act at the center of mass, in every physics step. If any move can turn, every step sets the body's angular velocity
 * about its y axis: it turns exactly as fast as chosen, or not at all, whatever it bumps into.
 */
export class MoveActuator extends AgentPart implements Actuator {
  readonly continuous: number;
  readonly branches: readonly number[];
  readonly #axes: readonly Required<Move>[];
  readonly #choices: readonly (readonly Required<Move>[])[];
  readonly #velocityChange: number;
  readonly #force: number;
  readonly #turnSpeed: number;
  /** whether a move can turn it */
  readonly #steers: boolean;
  readonly #center = new CenterOfMass();
  #physics: PhysicsEngine | undefined;
  #havok = babylonCalls;
  /** the sum of the current moves: fractions along the world's x, y and z; and the fraction of a turn [1] */
  readonly #push = new Vector3();
  readonly #turn = new Float64Array(1);
  readonly #axis = new Vector3();
  readonly #velocity = new Vector3();
  readonly #from = new Vector3();
  readonly #to = new Vector3();

  constructor(options: MoveActuatorOptions) {
    const {
      choices = [],
      axes = [],
      velocityChange = 0,
      force = 0,
      turnSpeed = 0,
      name = 'moves',
    } = requirePartOptions('Actuator', 'moves', options, RULES);
    const who = `Actuator "${name}"`;
    for (const move of [...choices.flat(), ...axes]) requireOptions(`A move of ${who}`, move, MOVE_RULES);
    super(name);
    this.#choices = choices.map((moves) => moves.map(complete));
    this.#axes = axes.map(complete);
    this.continuous = axes.length;
    this.branches = choices.map(({ length }) => length);
    this.#velocityChange = velocityChange;
    this.#force = force;
    this.#turnSpeed = turnSpeed;
    const moves = [...this.#choices.flat(), ...this.#axes];
    this.#steers = moves.some(({ turn }) => turn !== 0);
    requireSound(who, options, moves);
  }

  protected override onAttach(node: TransformNode): void {
    const who = `Actuator "${this.name}"`;
    requireMovableBody(node, who, this.#force === 0 ? 'velocities' : 'forces');
    this.#physics = requirePhysics(node.getScene(), who);
    this.#havok = havokCalls(node.getScene());
  }

  apply(action: Float32Array, offset: number): void {
    const body = requireBody(this.node, `Actuator "${this.name}"`); // its node may have been given another
    this.#addUp(action, offset);
    if (this.#push.lengthSquared() > 0) this.#pushBody(body);
    if (this.#steers) this.#steer(body);
  }

  /** Draws an arrow along the push, 2 m long for a push of 1; and one 2 m ahead of the node, to the side it turns to. */
  draw(pen: Pen, action: Float32Array, offset: number): void {
    this.#addUp(action, offset);
    const { absoluteRotationQuaternion: rotation } = this.node;
    currentWorldMatrix(this.node).getTranslationToRef(this.#from);
    pen.arrow(this.#from, this.#push.scaleToRef(DRAWN_LENGTH, this.#to).addInPlace(this.#from), 'action');
    if (this.#turn[0] === 0) return;
    AHEAD.applyRotationQuaternionToRef(rotation, this.#axis).scaleAndAddToRef(DRAWN_LENGTH, this.#from);
    RIGHT.applyRotationQuaternionToRef(rotation, this.#axis).scaleInPlace(DRAWN_LENGTH * this.#turn[0]);
    pen.arrow(this.#from, this.#axis.addInPlace(this.#from), 'action');
  }

  /** Adds up the moves of an action in #push and #turn. */
  #addUp(action: Float32Array, offset: number): void {
    const push = this.#push.setAll(0);
    this.#turn[0] = 0;
    for (let i = 0; i < this.#axes.length; i++) this.#add(this.#axes[i], action[offset + i]);
    const first = offset + this.continuous;
    for (let i = 0; i < this.#choices.length; i++) this.#add(this.#choices[i][action[first + i]], 1);
    currentWorldMatrix(this.node);
    if (isMirrored(this.node)) push.y = -push.y;
    push.applyRotationQuaternionInPlace(this.node.absoluteRotationQuaternion);
  }

  #add({ forward, right, up, turn }: Required<Move>, share: number): void {
    this.#push.addInPlaceFromFloats(share * right, share * up, share * forward);
    this.#turn[0] += share * turn;
  }

  #pushBody(body: PhysicsBody): void {
    if (this.#force === 0) {
      this.#havok.getLinearVelocity(body, this.#velocity);
      this.#push.scaleAndAddToRef(this.#velocityChange, this.#velocity);
      this.#havok.setLinearVelocity(body, this.#velocity);
    } else {
      this.#push.scaleInPlace(this.#force * this.#physics!.getTimeStep());
      this.#havok.applyImpulse(body, this.#push, this.#center.locate(this.node, body));
    }
  }

  /** Sets the body's angular velocity about the node's y axis only. */
  #steer(body: PhysicsBody): void {
    const velocity = this.#velocity;
    UP.applyRotationQuaternionToRef(this.node.absoluteRotationQuaternion, this.#axis);
    this.#havok.getAngularVelocity(body, velocity);
    const lacking = this.#turn[0] * this.#turnSpeed - Vector3.Dot(velocity, this.#axis);
    if (Math.abs(lacking) < LEAST_TURN) return; // so that a sleeping body stays asleep
    this.#axis.scaleAndAddToRef(lacking, velocity);
    this.#havok.setAngularVelocity(body, velocity);
  }
}

const anything: OptionRule = () => undefined; // moves are checked by MOVE_RULES
const RULES = {
  choices: optional(listOf('a list of branches, each a list of moves', listOf('a list of moves', anything))),
  axes: optional(listOf('a list of moves', anything)),
  velocityChange: optional(aFinite),
  force: optional(aFinite),
  turnSpeed: optional(aFinite),
};

const AHEAD = Vector3.Forward();
const RIGHT = Vector3.Right();
const UP = Vector3.Up();
/** rad/s, tolerated error */
const LEAST_TURN = 1e-6;

function complete({ forward = 0, right = 0, up = 0, turn = 0 }: Move): Required<Move> {
  return { forward, right, up, turn };
}

/** Throws if there are no moves, or no speed or force for them. */
function requireSound(
  who: string,
  { choices = [], velocityChange = 0, force = 0, turnSpeed = 0 }: MoveActuatorOptions,
  moves: readonly Required<Move>[],
): void {
  if (moves.length === 0 || choices.some(({ length }) => length === 0))
    throw new AgentsError(`${who} has no moves, or an empty branch. List moves in \`choices\` or \`axes\`.`);
  const pushes = moves.some(({ forward, right, up }) => forward !== 0 || right !== 0 || up !== 0);
  if (pushes && (velocityChange === 0) === (force === 0))
    throw new AgentsError(
      `${who} pushes with velocityChange ${velocityChange} and force ${force}. Set exactly one of the two.`,
    );
  if (moves.some(({ turn }) => turn !== 0) && turnSpeed === 0)
    throw new AgentsError(`${who} has moves that turn, but no turnSpeed. Set it, in rad/s.`);
}
