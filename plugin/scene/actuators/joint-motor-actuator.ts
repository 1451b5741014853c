import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsConstraintAxis } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { Physics6DoFConstraint } from '@babylonjs/core/Physics/v2/physicsConstraint.js';
import { AgentsError } from '../../core/errors.ts';
import { aBoolean, aboveZero, fromZero, type OptionRules, optional, requireOptions } from '../../core/options.ts';
import type { Actuator } from '../actuator.ts';
import { AgentPart } from '../agent-part.ts';
import { babylonCalls, havokCalls } from '../havok-calls.ts';
import { Joint, turningAxes } from '../joint.ts';
import { type MotorSpring, startMotor } from '../joint-motor.ts';
import { findHindrance } from '../movable-body.ts';
import { requirePartOptions, someJoints } from '../part-options.ts';
import type { Pen } from '../pen.ts';
import { requirePhysics } from '../physics.ts';

/** m, length of the drawn arrow for an action of 1 */
const DRAWN_LENGTH = 0.5;

/** Options of a {@link JointMotorActuator}. */
export interface JointMotorActuatorOptions {
  /** the joints to move, added to their bodies before the agent is attached */
  readonly joints: readonly Physics6DoFConstraint[];
  /** N·m, the most torque a motor may apply */
  readonly maxTorque: number;
  /** whether each joint takes one more action, the fraction of `maxTorque` that its motors may use: −1 none, 1 all; false by default */
  readonly strength?: boolean;
  /** makes the motors springs; by default they are as stiff as their torque allows */
  readonly spring?: MotorSpring;
  /** `joint-motors` by default */
  readonly name?: string;
}

/** A joint and its motors. */
interface DrivenJoint {
  readonly constraint: Physics6DoFConstraint;
  readonly motors: readonly Motor[];
}

/** A motor of a joint. */
interface Motor {
  readonly index: 0 | 1 | 2;
  readonly axis: PhysicsConstraintAxis;
  /** rad */
  readonly low: number;
  readonly high: number;
}

/**
 * Turns joints with their motors, as in ML-Agents' Walker and Crawler. Every joint has one continuous action per limited
 * angular axis, in the order x, y, z: the target angle, from the lower limit at −1 to the upper at 1. With `strength`, one
 * more action follows. A motor is only updated when its action changes, and holds its last target until then.
 *
 * With several axes, angles are measured as in `Joint`; springs reach them only roughly if several axes turn at once.
 * Havok's springs match their stiffness and damping while damping · time step is at most about twice the moment of inertia
 * that they move; beyond that they are stiffer.
 */
export class JointMotorActuator extends AgentPart implements Actuator {
  readonly continuous: number;
  readonly branches: readonly number[] = [];
  readonly #driven: readonly DrivenJoint[];
  readonly #maxTorque: number;
  readonly #strength: boolean;
  readonly #spring: MotorSpring | undefined;
  /** the last action that each motor got; NaN: none */
  readonly #told: Float32Array;
  #joints: readonly Joint[] = [];
  #plugin: HavokPlugin | undefined;
  #havok = babylonCalls;
  readonly #from = new Vector3();
  readonly #to = new Vector3();

  constructor(options: JointMotorActuatorOptions) {
    const {
      joints,
      maxTorque,
      strength = false,
      spring,
      name = 'joint-motors',
    } = requirePartOptions('Actuator', 'joint-motors', options, RULES);
    const who = `Actuator "${name}"`;
    if (spring) requireOptions(`The spring of ${who}`, spring, SPRING_RULES);
    super(name);
    if (joints.length === 0) throw new AgentsError(`${who} has no joints. List the joints to move.`);
    this.#driven = joints.map((constraint, i) => ({
      constraint,
      motors: motorsOf(constraint, `Joint ${i} of ${who}`),
    }));
    this.continuous = this.#driven.reduce((sum, { motors }) => sum + motors.length + (strength ? 1 : 0), 0);
    this.#maxTorque = maxTorque;
    this.#strength = strength;
    this.#spring = spring && { ...spring };
    this.#told = new Float32Array(this.continuous);
  }

  protected override onAttach(node: TransformNode): void {
    const who = `Actuator "${this.name}"`;
    this.#joints = this.#driven.map(({ constraint }, i) => new Joint(constraint, `Joint ${i} of ${who}`));
    this.#joints.forEach(requireTurnable);
    this.#plugin = requirePhysics(node.getScene(), who).getPhysicsPlugin() as HavokPlugin;
    this.#havok = havokCalls(node.getScene());
    for (const { constraint, motors } of this.#driven) {
      for (const { axis } of motors) {
        startMotor(this.#plugin, constraint, axis, this.#spring);
        this.#havok.setMotorMaxForce(constraint, axis, this.#maxTorque);
      }
    }
    this.forget();
  }

  apply(action: Float32Array, offset: number): void {
    let at = 0;
    for (let i = 0; i < this.#driven.length; i++) {
      const { constraint, motors } = this.#driven[i];
      let changed = false;
      for (let m = 0; m < motors.length; m++, at++) {
        if (!this.#isNews(action[offset + at], at)) continue;
        const { axis, low, high } = motors[m];
        this.#havok.setMotorTarget(this.#plugin!, constraint, axis, low + shareOf(action[offset + at]) * (high - low));
        changed = true;
      }
      if (this.#strength && this.#isNews(action[offset + at], at)) {
        const torque = this.#maxTorque * shareOf(action[offset + at]);
        for (let m = 0; m < motors.length; m++) this.#havok.setMotorMaxForce(constraint, motors[m].axis, torque);
        changed = true;
      }
      if (this.#strength) at++;
      if (changed) this.#havok.wake(this.#plugin!, this.#joints[i].childBody);
    }
  }

  /** Makes the next apply() update all motors, since a reset may have changed them. */
  forget(): void {
    this.#told.fill(Number.NaN);
  }

  /** Draws an arrow from each joint along each motor axis, 0.5 m long for an action of 1. */
  draw(pen: Pen, action: Float32Array, offset: number): void {
    let at = offset;
    for (let i = 0; i < this.#driven.length; i++) {
      const joint = this.#joints[i];
      joint.update();
      joint.pivotToRef(this.#from);
      for (const { index } of this.#driven[i].motors) {
        joint.axisToRef(index, this.#to).scaleInPlace(DRAWN_LENGTH * action[at++]);
        pen.arrow(this.#from, this.#to.addInPlace(this.#from), 'action');
      }
      if (this.#strength) at++;
    }
  }

  /** Whether a motor's action changed; stores the new one. */
  #isNews(action: number, at: number): boolean {
    if (this.#told[at] === action) return false;
    this.#told[at] = action;
    return true;
  }
}

const RULES = {
  joints: someJoints,
  maxTorque: aboveZero,
  strength: optional(aBoolean),
  spring: () => undefined, // checked by SPRING_RULES
};

const SPRING_RULES: OptionRules<MotorSpring> = {
  stiffness: fromZero(' of N·m/rad'),
  damping: fromZero(' of N·m·s/rad'),
};

/** Throws if torque can move neither body of a joint. */
function requireTurnable({ who, parent, child, parentBody, childBody }: Joint): void {
  const hindrance = findHindrance(childBody, 'torques');
  if (!hindrance || !findHindrance(parentBody, 'torques')) return;
  throw new AgentsError(
    `${who} cannot turn: the body of node "${child.name}" ${hindrance}, and that of node "${parent.name}" ${findHindrance(parentBody, 'torques')}. Make one of them dynamic and give it a mass.`,
  );
}

/** From 0 at an action of −1 to 1 at 1. */
function shareOf(action: number): number {
  return (action + 1) / 2;
}

/** One motor per limited axis; throws if there is none. */
function motorsOf(constraint: Physics6DoFConstraint, who: string): readonly Motor[] {
  const motors = turningAxes(constraint).flatMap(({ index, limits }) =>
    limits ? [{ index, axis: PhysicsConstraintAxis.ANGULAR_X + index, ...limits }] : [],
  );
  if (motors.length > 0) return motors;
  throw new AgentsError(
    `${who} has no limited axis to turn around. Give its constraint a minLimit and a maxLimit of an angular axis.`,
  );
}
