import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import {
  Agent,
  BodySensor,
  defineEnvironment,
  FunctionActuator,
  FunctionSensor,
  type Sensor,
} from '../../plugin/index.ts';
import { createGround } from '../ground.ts';
import { createWalkerBody, driveJoint, FRICTION, type Joint, jointAngle, standUp, TORSO } from './walker-body.ts';

const TIME_STEP = 1 / 60;
const DECISION_PERIOD = 4;
/** m of a side of the plate; the walker starts near one edge and walks toward the other */
const PLATE = 38;
/** reward for each m forward; at 1 m/s, 1000 decisions of 1/15 s earn 33 */
const PER_METER = 0.5;

/**
 * The articulated environment of the benchmarks: four legs of two segments each, nine bodies and eight motorised hinges,
 * learn to walk ahead. An action is the angle that a joint's motor turns it to; bodies never sleep.
 */
export const walker = defineEnvironment({
  name: 'walker',
  timeStep: TIME_STEP,
  decisionPeriod: DECISION_PERIOD,
  maxDecisions: 1000,
  spacing: 40,

  build(area) {
    createGround(area, { length: PLATE, width: PLATE, friction: FRICTION });
    const body = createWalkerBody(area);
    const { torso, joints } = body;
    const angles = new Float32Array(joints.length);
    const speeds = new Float32Array(joints.length);
    const targets = new Float32Array(joints.length);
    const agent = new Agent({
      sensors: createSensors(torso, { angles, speeds, targets }),
      actuators: [createMotors(joints, targets)],
    });
    torso.addBehavior(agent, true);
    let x = 0;

    return {
      reset(random) {
        joints.forEach(({ range }, i) => {
          targets[i] = random.between(-0.3, 0.3);
          angles[i] = angleOf(range, targets[i]);
        });
        speeds.fill(0);
        x = 2 - PLATE / 2;
        standUp(body, x, angles);
        joints.forEach((joint, i) => {
          driveJoint(joint, angles[i]);
        });
      },

      afterStep() {
        for (let i = 0; i < joints.length; i++) {
          const angle = jointAngle(joints[i]);
          speeds[i] = (angle - angles[i]) / TIME_STEP;
          angles[i] = angle;
        }
        agent.addReward(PER_METER * (torso.position.x - x));
        x = torso.position.x;
        if (lowestCorner(torso) < 0.01) agent.terminate();
        else if (Math.abs(x) > PLATE / 2 - 1 || Math.abs(torso.position.z) > PLATE / 2 - 1) area.end();
      },
    };
  },
});

/** The torso's height, rotation and velocities, and what is kept of the joints: 35 floats. */
function createSensors(torso: TransformNode, kept: Readonly<Record<string, Float32Array>>): Sensor[] {
  return [
    new FunctionSensor('height', 1, (out, offset) => {
      out[offset] = torso.position.y;
    }),
    new BodySensor({ name: 'attitude', rotation: true }),
    new BodySensor({ name: 'motion', linearVelocity: true, angularVelocity: true, frame: torso }),
    ...Object.entries(kept).map(
      ([name, values]) => new FunctionSensor(name, values.length, (out, offset) => out.set(values, offset)),
    ),
  ];
}

/** Eight actions, each from the lowest to the highest angle of its joint; a motor is told only of a new one. */
function createMotors(joints: readonly Joint[], targets: Float32Array): FunctionActuator {
  return new FunctionActuator({
    name: 'motors',
    continuous: joints.length,
    apply(action, offset) {
      for (let i = 0; i < joints.length; i++) {
        if (targets[i] === action[offset + i]) continue;
        targets[i] = action[offset + i];
        driveJoint(joints[i], angleOf(joints[i].range, targets[i]));
      }
    },
  });
}

/** An action in [−1, 1] as an angle of a joint [rad]. */
function angleOf({ low, high }: Joint['range'], action: number): number {
  return low + ((action + 1) / 2) * (high - low);
}

/** Height of the torso's lowest corner [m]: y − Σ |vertical part of each half edge|. */
function lowestCorner({ position, rotationQuaternion }: TransformNode): number {
  const { x, y, z, w } = rotationQuaternion!;
  const alongX = Math.abs(2 * (x * y + w * z)) * TORSO.x;
  const alongY = Math.abs(1 - 2 * (x * x + z * z)) * TORSO.y;
  const alongZ = Math.abs(2 * (y * z - w * x)) * TORSO.z;
  return position.y - (alongX + alongY + alongZ) / 2;
}
