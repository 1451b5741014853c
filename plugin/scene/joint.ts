import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import {
  PhysicsConstraintAxis,
  type PhysicsConstraintParameters,
  PhysicsConstraintType,
} from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { Physics6DoFConstraint, PhysicsConstraint } from '@babylonjs/core/Physics/v2/physicsConstraint.js';
import { AgentsError } from '../core/errors.ts';
import type { HavokCalls } from './havok-calls.ts';
import { readPose, requireBody } from './physics.ts';
import { requireNotDisposed } from './require-node.ts';

/** An axis that a joint can turn around. */
export interface JointAxis {
  /** 0, 1, 2: the joint's x, y, z */
  readonly index: 0 | 1 | 2;
  /** rad; undefined: it can turn round and round */
  readonly limits: { readonly low: number; readonly high: number } | undefined;
}

/** The axes that a constraint lets its bodies turn around, in the order x, y, z. */
export function turningAxes(constraint: PhysicsConstraint): readonly JointAxis[] {
  if (constraint.type === PhysicsConstraintType.SIX_DOF) {
    const { limits } = constraint as Physics6DoFConstraint;
    const axes = ([0, 1, 2] as const).map((index) => {
      const limit = limits.findLast(({ axis }) => axis === PhysicsConstraintAxis.ANGULAR_X + index);
      const { minLimit: low, maxLimit: high } = limit ?? {};
      return { index, limits: low === undefined || high === undefined ? undefined : { low, high } };
    });
    return axes.filter(({ limits }) => !limits || limits.low < limits.high);
  }
  return (FREE[constraint.type] ?? []).map((index) => ({ index, limits: undefined }));
}

const FREE: Partial<Record<PhysicsConstraintType, readonly (0 | 1 | 2)[]>> = {
  [PhysicsConstraintType.BALL_AND_SOCKET]: [0, 1, 2],
  [PhysicsConstraintType.HINGE]: [0],
  [PhysicsConstraintType.SLIDER]: [0],
};

/**
 * Two bodies that a constraint joins, and how the second is turned against the first. Its angles α, β, γ about the axes x,
 * y, z of the constraint are those that Havok's limits and motors mean, which depends on how many of them turn:
 *
 *   three: R = Rx(α)·Ry(β)·Rz(γ) · two: R = Rz(γ)·Ry(β)·Rx(α), one of them 0 · one: between −π and π
 */
export class Joint {
  /** for messages */
  readonly who: string;
  readonly parent: TransformNode;
  readonly child: TransformNode;
  /** [3] rad about x, y and z, as of update() */
  readonly angles = new Float64Array(3);
  /** [3] rad/s that they change by, as of updateSpeeds() */
  readonly speeds = new Float64Array(3);
  readonly #pivot: Vector3;
  /** whether it turns around one axis only */
  readonly #hinge: boolean;
  /** 1 where it turns around three, else −1: the other order is the same of the inverse rotation */
  readonly #order: 1 | -1;
  /** from the joint's axes to each body's */
  readonly #parentFrame: Quaternion;
  readonly #childFrame: Quaternion;
  /** from the joint's axes in each body to the world's */
  readonly #axes = new Quaternion();
  readonly #childAxes = new Quaternion();
  readonly #relative = new Quaternion();
  readonly #place = new Vector3();
  readonly #velocity = new Vector3();

  /** The bodies that a constraint joins; throws when it joins none yet. */
  constructor(constraint: PhysicsConstraint, who: string) {
    const [pair] = constraint._pluginData?.length > 0 ? constraint.getBodiesUsingConstraint() : [];
    if (!pair)
      throw new AgentsError(
        `${who} was given a constraint that joins no bodies. Call \`body.addConstraint(other, constraint)\` before attaching the agent.`,
      );
    const { pivotA, axisA, perpAxisA, axisB, perpAxisB }: PhysicsConstraintParameters = constraint.options;
    this.who = who;
    this.parent = pair.parentBody.transformNode;
    this.child = pair.childBody.transformNode;
    const { length: axes } = turningAxes(constraint);
    this.#hinge = axes === 1;
    this.#order = axes === 3 ? 1 : -1;
    this.#pivot = pivotA?.clone() ?? Vector3.Zero();
    this.#parentFrame = frameOf(axisA, perpAxisA);
    this.#childFrame = frameOf(axisB, perpAxisB);
  }

  get parentBody(): PhysicsBody {
    return requireBody(this.parent, this.who);
  }

  get childBody(): PhysicsBody {
    return requireBody(this.child, this.who);
  }

  /** Reads how it is turned now. */
  update(): void {
    const relative = this.#relative;
    if (this.child.isDisposed()) requireNotDisposed(this.child, this.who);
    if (this.parent.isDisposed()) requireNotDisposed(this.parent, this.who);
    readPose(this.child, this.#place, this.#childAxes);
    this.#childAxes.multiplyInPlace(this.#childFrame);
    readPose(this.parent, this.#place, this.#axes);
    this.#axes.multiplyInPlace(this.#parentFrame);
    this.#axes.conjugateToRef(relative);
    relative.multiplyInPlace(this.#childAxes);
    const { x, y, z, w } = relative;
    const { angles } = this;
    if (this.#hinge) {
      angles[0] = turnAbout(x, w);
      angles[1] = turnAbout(y, w);
      angles[2] = turnAbout(z, w);
    } else {
      const order = this.#order;
      angles[0] = Math.atan2(2 * (w * x - order * y * z), 1 - 2 * (x * x + y * y));
      angles[1] = Math.asin(Math.min(Math.max(2 * (w * y + order * x * z), -1), 1));
      angles[2] = Math.atan2(2 * (w * z - order * x * y), 1 - 2 * (y * y + z * z));
    }
  }

  /**
   * Reads how fast its angles change, after update(). Of the velocity ω of the second body against the first, in the
   * constraint's axes in the first body where three turn (s = 1), in the second where two do (s = −1):
   *
   *   γ′ = (ω_z cos α − s ω_y sin α) / cos β · β′ = ω_y cos α + s ω_z sin α · α′ = ω_x − s γ′ sin β
   */
  updateSpeeds(havok: HavokCalls): void {
    const { angles, speeds } = this;
    const velocity = this.#velocity;
    havok.getAngularVelocity(this.childBody, velocity);
    havok.getAngularVelocity(this.parentBody, this.#place);
    const axes = this.#order === 1 ? this.#axes : this.#childAxes;
    velocity.subtractInPlace(this.#place).applyRotationQuaternionInPlace(axes.conjugateToRef(this.#relative));
    if (this.#hinge) {
      speeds[0] = velocity.x;
      speeds[1] = velocity.y;
      speeds[2] = velocity.z;
      return;
    }
    const sine = this.#order * Math.sin(angles[0]);
    const cosine = Math.cos(angles[0]);
    speeds[2] = (velocity.z * cosine - velocity.y * sine) / Math.max(Math.cos(angles[1]), LEAST_COSINE);
    speeds[1] = velocity.y * cosine + velocity.z * sine;
    speeds[0] = velocity.x - this.#order * speeds[2] * Math.sin(angles[1]);
  }

  /** Where it is in the world, after update(). */
  pivotToRef(out: Vector3): Vector3 {
    readPose(this.parent, this.#place, this.#relative);
    return this.#pivot.applyRotationQuaternionToRef(this.#relative, out).addInPlace(this.#place);
  }

  /** Where one of its axes points in the world, after update(). */
  axisToRef(index: 0 | 1 | 2, out: Vector3): Vector3 {
    return AXES[index].applyRotationQuaternionToRef(this.#axes, out);
  }
}

const AXES = [Vector3.Right(), Vector3.Up(), Vector3.Forward()] as const;

/** rad of a turn about an axis, of whose quaternion these are two components; between −π and π. */
function turnAbout(component: number, w: number): number {
  return w < 0 ? 2 * Math.atan2(-component, -w) : 2 * Math.atan2(component, w);
}

/** Near a right angle about y, the other two axes lie on one another, and their speeds have no bounds: this bounds them. */
const LEAST_COSINE = 0.01;

/** From the axes of a constraint, of which it is told the first two, to those of its body; Babylon's defaults are filled in. */
function frameOf(axis: Vector3 = Vector3.Right(), perpendicular?: Vector3): Quaternion {
  const x = axis.normalizeToNew();
  const z = x.cross(perpendicular ?? x.getNormalToRef(new Vector3())).normalize();
  return Quaternion.RotationQuaternionFromAxis(x, z.cross(x), z);
}
