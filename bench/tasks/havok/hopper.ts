import type { ArticulationSpec } from './articulation.ts';
import { definePlanarTask, type PlanarTaskSpec } from './define-planar-task.ts';
import type { JointSpec } from './link-spec.ts';
import { createRunner } from './runner.ts';

const TIME_STEP = 0.008;
/** rad */
const BENT = (-150 * Math.PI) / 180;
const ANKLE = (45 * Math.PI) / 180;
const ARMATURE = 1;
const MOTOR = { gear: 200, armature: ARMATURE, damping: 1 } satisfies Partial<JointSpec>;
const ROTOR = ARMATURE / 2;

/** MuJoCo's hopper.xml; 15.8 kg. */
export const HOPPER: ArticulationSpec = {
  freedom: 'plane',
  origin: [0, 1.25],
  sense: 1,
  links: [
    { name: 'torso', capsules: [{ from: [0, 1.05], to: [0, 1.45], radius: 0.05 }], friction: 1 },
    {
      name: 'thigh',
      joint: { on: 'torso', at: [0, 1.05], range: [BENT, 0], ...MOTOR },
      capsules: [{ from: [0, 0.6], to: [0, 1.05], radius: 0.05 }],
      friction: 1,
      rotor: ROTOR,
    },
    {
      name: 'leg',
      joint: { on: 'thigh', at: [0, 0.6], range: [BENT, 0], ...MOTOR },
      capsules: [{ from: [0, 0.1], to: [0, 0.6], radius: 0.04 }],
      friction: 1,
      rotor: ROTOR,
    },
    {
      name: 'foot',
      joint: { on: 'leg', at: [0, 0.1], range: [-ANKLE, ANKLE], ...MOTOR },
      capsules: [{ from: [-0.13, 0.1], to: [0.26, 0.1], radius: 0.06 }],
      friction: 2,
      rotor: ROTOR,
    },
  ],
};

/**
 * Gymnasium's Hopper-v5 on Havok: one leg that hops ahead without falling.
 *
 * Observation (11): height of the torso [m], its lean [rad], angles of hip, knee and ankle; speed along x and y, of the
 * lean and of the joints, held to ±10. Action (3): torques of hip, knee and ankle, ±1 for ±200 N·m. Reward: speed along x
 * in the decision [m/s] + 1 while healthy − 0.001 × the sum of the squared actions. Healthy: the torso above 0.7 m,
 * leaning less than 0.2 rad, and no angle or speed beyond ±100; else the episode is over, as after 1000 decisions of 8 ms.
 * Start: every coordinate and speed uniform in ±0.005 around the drawn pose, whose foot is 4 cm above the ground.
 *
 * What differs is told in bench/tasks/README.md.
 */
export const HOPPER_TASK: PlanarTaskSpec = {
  name: 'hopper',
  timeStep: TIME_STEP,
  decisionPeriod: 1,
  maxDecisions: 1000,
  spacing: 60,
  articulation: HOPPER,
  observationSize: 11,
  actions: 3,
  create: (body, area) =>
    createRunner(body, area, {
      ground: 60,
      behind: 10,
      height: 1.25,
      level: 0,
      decision: TIME_STEP,
      effort: 1e-3,
      speedLimit: 10,
      noise: (random) => random.between(-5e-3, 5e-3),
      speedNoise: (random) => random.between(-5e-3, 5e-3),
      alive: 1,
      healthy: ({ y, speedX, speedY, spins, angles, speeds }, lean) =>
        y > 0.7 &&
        Math.abs(lean) < 0.2 &&
        Math.max(Math.abs(speedX), Math.abs(speedY), Math.abs(spins[0])) < 100 &&
        angles.every(below100) &&
        speeds.every(below100),
    }),
};

export const hopper = definePlanarTask(HOPPER_TASK);

function below100(value: number): boolean {
  return Math.abs(value) < 100;
}
