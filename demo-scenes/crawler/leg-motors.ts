import type { Physics6DoFConstraint } from '@babylonjs/core/Physics/v2/physicsConstraint.js';
import { JointMotorActuator } from '../../plugin/index.ts';
import type { Leg } from './crawler-body.ts';
import { phaseAfter } from './rhythm.ts';

/** Share of the way to an action that a motor's target moves in a physics step: 83 % in the 5 steps of a decision. */
const EASE = 0.3;
/** actions of a leg: the hip's, of which the first lowers it, and the knee's */
const PER_LEG = 3;

/**
 * The motors of all legs, with springs that hold the body up. Two things happen to the actions on their way there:
 *
 * - Targets are eased to, so that what chance adds to actions does not jolt the body along.
 * - A reflex, if there is one, lifts two legs across from one another in the first half of the rhythm and the other two in
 *   the second: a trot on the spot for policies to begin with (Iscen et al. 2018, Policies Modulating Trajectory Generators).
 */
export class LegMotors extends JointMotorActuator {
  readonly #legs: number;
  readonly #reflex: () => number;
  /** [3 · legs] the present targets, as actions */
  readonly #eased: Float32Array;
  /** physics steps of the episode */
  #steps = 0;

  /** @param reflex how high legs are lifted, in actions: 1 is half a hip's range */
  constructor(legs: readonly Leg[], reflex: () => number) {
    super({ joints: jointsOf(legs), maxTorque: 400, spring: { stiffness: 600, damping: 40 } });
    this.#legs = legs.length;
    this.#reflex = reflex;
    this.#eased = new Float32Array(this.continuous);
  }

  override apply(action: Float32Array, offset: number): void {
    const lift = this.#reflex() * Math.sin(phaseAfter(this.#steps++));
    for (let leg = 0; leg < this.#legs; leg++) {
      const hip = leg * PER_LEG;
      const lifted = Math.max(leg % 2 === 0 ? lift : -lift, 0);
      this.#ease(hip, Math.max(action[offset + hip] - lifted, -1));
      for (let i = hip + 1; i < hip + PER_LEG; i++) this.#ease(i, action[offset + i]);
    }
    super.apply(this.#eased, 0);
  }

  override forget(): void {
    super.forget();
    this.#eased.fill(0);
    this.#steps = 0;
  }

  #ease(i: number, target: number): void {
    this.#eased[i] += EASE * (target - this.#eased[i]);
  }
}

/** Hip and knee of every leg. */
export function jointsOf(legs: readonly Leg[]): Physics6DoFConstraint[] {
  return legs.flatMap(({ hip, knee }) => [hip, knee]);
}
