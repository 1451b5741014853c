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

/** m of the arrow that draw() makes of an action of 1 */
const DRAWN_LENGTH = 0.5;

/** Options of a {@link JointMotorActuator}. */
export interface JointMotorActuatorOptions {
  /** the joints to move, added to their bodies before the agent is attached */
  readonly joints: readonly Physics6DoFConstraint[];
  /** N·m of a motor at most */
  readonly maxTorque: number;
  /** whether each joint takes one more action: the share of `maxTorque` that its motors may use now, −1 none, 1 all; false by default */
  readonly strength?: boolean;
  /** makes motors springs; left out, they are as stiff as their torque allows */
  readonly spring?: MotorSpring;
  /** `joint-motors` by default */
  readonly name?: string;
}

/** A joint that is driven. */
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
 * Turns joints by their motors, as ML-Agents' Walker and Crawler do: for every joint one continuous action for each of its
 * limited angular axes x, y, z, which is the angle to turn to, from the lower limit at −1 to the upper at 1; then, where
 * it is wanted, one for their strength. A motor is told only what changed, and goes on with the last that it was told.
 *
 * The angles of a joint of several axes are as `Joint` counts them; springs keep to them roughly where several axes are
 * bent at once. Havok's springs follow their numbers as long as damping · time step is at most about twice the moment of
 * inertia that they move, and are stiffer beyond.
 */
export class JointMotorActuator extends AgentPart implements Actuator {
  readonly continuous: number;
  readonly branches: readonly number[] = [];
  readonly #driven: readonly DrivenJoint[];
  readonly #maxTorque: number;
  readonly #strength: boolean;
  readonly #spring: MotorSpring | undefined;
  /** the actions that the motors were last told; NaN: none */
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
    if (joints.length === 0) throw new AgentsError(`${who} has no joints. Name those that it is to move.`);
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

  /** An episode begins: motors are told everything again, for a reset may have told them something else. */
  forget(): void {
    this.#told.fill(Number.NaN);
  }

  /** From each joint an arrow along each axis that has a motor, 0.5 m long at an action of 1. */
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

  /** Whether a motor was last told another action than this, and notes this one. */
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
  spring: () => undefined, // has rules of its own
};

const SPRING_RULES: OptionRules<MotorSpring> = {
  stiffness: fromZero(' of N·m/rad'),
  damping: fromZero(' of N·m·s/rad'),
};

/** Throws when no torque moves either body of a joint. */
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

/** One for each limited axis; throws when there is none. */
function motorsOf(constraint: Physics6DoFConstraint, who: string): readonly Motor[] {
  const motors = turningAxes(constraint).flatMap(({ index, limits }) =>
    limits ? [{ index, axis: PhysicsConstraintAxis.ANGULAR_X + index, ...limits }] : [],
  );
  if (motors.length > 0) return motors;
  throw new AgentsError(
    `${who} has no limited axis to turn around. Give its constraint a minLimit and a maxLimit of an angular axis.`,
  );
}
