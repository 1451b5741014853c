import type { ArticulationSpec } from './articulation.ts';
import { definePlanarTask, type PlanarTaskSpec } from './define-planar-task.ts';
import { type JointSpec, type Place, tiltedCapsule } from './link-spec.ts';
import { createRunner } from './runner.ts';

const TIME_STEP = 1 / 60;
const DECISION_PERIOD = 3;
const RADIUS = 0.046;
const FRICTION = 0.4;
const ARMATURE = 0.1;

/** A part of a leg: its joint, and its capsule's middle [m], angle from upright [rad] and half length [m]. */
interface Limb {
  readonly joint: JointSpec;
  readonly middle: Place;
  readonly tilt: number;
  readonly half: number;
}

const LIMBS: Readonly<Record<string, Limb>> = {
  'back-thigh': {
    joint: { on: 'torso', at: [-0.5, 0.7], range: [-0.52, 1.05], gear: 120, stiffness: 240, damping: 6 },
    middle: [-0.4, 0.57],
    tilt: -3.8,
    half: 0.145,
  },
  'back-shin': {
    joint: { on: 'back-thigh', at: [-0.34, 0.45], range: [-0.785, 0.785], gear: 90, stiffness: 180, damping: 4.5 },
    middle: [-0.48, 0.38],
    tilt: -2.03,
    half: 0.15,
  },
  'back-foot': {
    joint: { on: 'back-shin', at: [-0.62, 0.31], range: [-0.4, 0.785], gear: 60, stiffness: 120, damping: 3 },
    middle: [-0.59, 0.213],
    tilt: -0.27,
    half: 0.094,
  },
  'front-thigh': {
    joint: { on: 'torso', at: [0.5, 0.7], range: [-1, 0.7], gear: 120, stiffness: 180, damping: 4.5 },
    middle: [0.43, 0.58],
    tilt: 0.52,
    half: 0.133,
  },
  'front-shin': {
    joint: { on: 'front-thigh', at: [0.36, 0.46], range: [-1.2, 0.87], gear: 60, stiffness: 120, damping: 3 },
    middle: [0.425, 0.37],
    tilt: -0.6,
    half: 0.106,
  },
  'front-foot': {
    joint: { on: 'front-shin', at: [0.49, 0.28], range: [-0.5, 0.5], gear: 30, stiffness: 60, damping: 1.5 },
    middle: [0.535, 0.21],
    tilt: -0.6,
    half: 0.07,
  },
};

/** MuJoCo's half_cheetah.xml. */
export const HALF_CHEETAH: ArticulationSpec = {
  freedom: 'plane',
  origin: [0, 0.7],
  sense: -1,
  totalMass: 14,
  links: [
    {
      name: 'torso',
      capsules: [
        { from: [-0.5, 0.7], to: [0.5, 0.7], radius: RADIUS },
        tiltedCapsule([0.6, 0.8], 0.87, 0.15, RADIUS), // the head
      ],
      friction: FRICTION,
    },
    ...Object.entries(LIMBS).map(([name, { joint, middle, tilt, half }]) => ({
      name,
      joint: { ...joint, armature: ARMATURE },
      capsules: [tiltedCapsule(middle, tilt, half, RADIUS)],
      friction: FRICTION,
      rotor: ARMATURE / 2,
    })),
  ],
};

/**
 * Gymnasium's HalfCheetah-v5 on Havok: a torso on two legs of three springy joints each that runs ahead, and may lie on
 * its back as well.
 *
 * Observation (17): height of the torso above its drawn place [m], its lean [rad], angles of the joints, those of the back
 * leg first, from the body down; speed along x and y, of the lean and of the joints. Action (6): torques of the joints in the same
 * order, ±1 for ±120, 90, 60, 120, 60 and 30 N·m. Reward: speed along x in the decision [m/s] − 0.1 × the sum of the
 * squared actions. No end but that of 1000 decisions of 50 ms. Start: every coordinate uniform in ±0.1 around the drawn
 * pose, speeds normal with a deviation of 0.1.
 *
 * What differs is told in bench/tasks/README.md.
 */
export const HALF_CHEETAH_TASK: PlanarTaskSpec = {
  name: 'half-cheetah',
  timeStep: TIME_STEP,
  decisionPeriod: DECISION_PERIOD,
  maxDecisions: 1000,
  spacing: 600,
  articulation: HALF_CHEETAH,
  observationSize: 17,
  actions: 6,
  create: (body, area) =>
    createRunner(body, area, {
      ground: 600,
      behind: 60,
      height: 0.7,
      level: 0.7,
      decision: TIME_STEP * DECISION_PERIOD,
      effort: 0.1,
      noise: (random) => random.between(-0.1, 0.1),
      speedNoise: (random) => 0.1 * random.normal(),
    }),
};

export const halfCheetah = definePlanarTask(HALF_CHEETAH_TASK);
