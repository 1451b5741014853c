import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { PhysicsConstraint } from '@babylonjs/core/Physics/v2/physicsConstraint.js';
import { AgentsError } from '../../core/errors.ts';
import { aBoolean, optional } from '../../core/options.ts';
import { AgentPart } from '../agent-part.ts';
import { babylonCalls, havokCalls } from '../havok-calls.ts';
import { Joint, type JointAxis, turningAxes } from '../joint.ts';
import { requirePartOptions, someJoints } from '../part-options.ts';
import type { Pen } from '../pen.ts';
import { currentWorldMatrix, requirePhysics } from '../physics.ts';
import type { Sensor } from '../sensor.ts';
import { NOT_ANYWHERE } from './nan-remedies.ts';

/** Options of a {@link JointSensor}. */
export interface JointSensorOptions {
  /** the joints to observe, added to their bodies before the agent is attached */
  readonly joints: readonly PhysicsConstraint[];
  /** whether to observe the angular speeds too [rad/s]; false by default */
  readonly speeds?: boolean;
  /** `joints` by default */
  readonly name?: string;
}

/**
 * Observes joint angles. For every joint it writes one float per axis that can turn, in the order x, y, z: from −1 at the
 * lower limit to 1 at the upper; without limits, in half turns from −1 to 1. With `speeds`, the speeds of these angles
 * follow in the same order. Angles are measured as Havok's limits and motors do; sliding axes are not observed.
 */
export class JointSensor extends AgentPart implements Sensor {
  readonly nanRemedy: string = NOT_ANYWHERE;
  readonly size: number;
  readonly #constraints: readonly PhysicsConstraint[];
  readonly #axes: readonly (readonly JointAxis[])[];
  readonly #speeds: boolean;
  #joints: readonly Joint[] = [];
  #havok = babylonCalls;
  readonly #from = new Vector3();
  readonly #pivot = new Vector3();

  constructor(options: JointSensorOptions) {
    const { joints, speeds = false, name = 'joints' } = requirePartOptions('Sensor', 'joints', options, RULES);
    super(name);
    this.#constraints = [...joints];
    this.#axes = joints.map(turningAxes);
    this.#speeds = speeds;
    this.size = this.#axes.flat().length * (speeds ? 2 : 1);
    const stiff = this.#axes.findIndex((axes) => axes.length === 0);
    if (joints.length === 0) throw new AgentsError(`Sensor "${name}" has no joints. List the joints to observe.`);
    if (stiff >= 0)
      throw new AgentsError(
        `Sensor "${name}" has nothing to observe of joint ${stiff}, which cannot turn. Leave it out, or free one of its angular axes.`,
      );
  }

  protected override onAttach(node: TransformNode): void {
    const who = `Sensor "${this.name}"`;
    requirePhysics(node.getScene(), who);
    this.#joints = this.#constraints.map((constraint, i) => new Joint(constraint, `Joint ${i} of ${who}`));
    this.#havok = havokCalls(node.getScene());
  }

  observe(out: Float32Array, offset: number): void {
    let at = offset;
    for (let i = 0; i < this.#joints.length; i++) {
      const joint = this.#joints[i];
      const axes = this.#axes[i];
      joint.update();
      for (let a = 0; a < axes.length; a++) out[at++] = normalize(joint.angles[axes[a].index], axes[a]);
      if (!this.#speeds) continue;
      joint.updateSpeeds(this.#havok);
      for (let a = 0; a < axes.length; a++) out[at++] = joint.speeds[axes[a].index];
    }
  }

  /** Draws every joint as lines from both bodies to its pivot. */
  draw(pen: Pen): void {
    for (const joint of this.#joints) {
      joint.update();
      joint.pivotToRef(this.#pivot);
      pen.line(currentWorldMatrix(joint.parent).getTranslationToRef(this.#from), this.#pivot, 'target');
      pen.line(this.#pivot, currentWorldMatrix(joint.child).getTranslationToRef(this.#from), 'target');
    }
  }
}

const RULES = { joints: someJoints, speeds: optional(aBoolean) };

function normalize(angle: number, { limits }: JointAxis): number {
  if (!limits) return angle / Math.PI;
  const { low, high } = limits;
  return (2 * angle - low - high) / (high - low);
}
