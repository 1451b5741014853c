import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { AreaContext, Random } from '../../../plugin/index.ts';
import type { Articulation, ArticulationSpec } from './articulation.ts';
import { definePlanarTask, type PlanarTask, type PlanarTaskSpec } from './define-planar-task.ts';

const TIME_STEP = 0.01;
/** N·m of an action of 1 */
const GEAR = 200;
/** N·m·s/rad */
const DAMPING = 1;
/** kg·m² */
const ARMATURE = 1;
/** m of either arm, and from the elbow to the fingertip */
const ARM = 0.1;
const REACH = 0.11;
const RADIUS = 0.01;
/** m from the shoulder, within which targets lie */
const TARGETS = 0.2;
const [UPPER_ARM, FOREARM] = [0, 1];

/**
 * MuJoCo's reacher.xml. There the joints have an armature of 1 kg·m², and the arms an inertia of 0.0004 kg·m² at most, so
 * that joint j does as if it were alone: q̈ⱼ = τⱼ. Here the arms themselves have an inertia of 1 kg·m², and are turned by
 * the torques of their joint and of the one before: ω̇₁ = τ₁, ω̇₂ = τ₁ + τ₂, which is the same.
 */
export const REACHER: ArticulationSpec = {
  freedom: 'turn',
  origin: [0, 0],
  sense: 1,
  links: [
    { name: 'upper-arm', capsules: [{ from: [0, 0], to: [ARM, 0], radius: RADIUS }], rotor: ARMATURE },
    {
      name: 'forearm',
      joint: { on: 'upper-arm', at: [ARM, 0], range: [-3, 3] },
      capsules: [{ from: [ARM, 0], to: [2 * ARM, 0], radius: RADIUS }],
      rotor: ARMATURE,
    },
  ],
};

/**
 * Gymnasium's Reacher-v5 on Havok: an arm of two joints brings its fingertip to a target.
 *
 * Observation (10): cosines, then sines of the angles of shoulder and elbow; the target's place [m]; the joints' speeds
 * [rad/s]; from the target to the fingertip [m]. Action (2): torques of shoulder and elbow, ±1 for ±200 N·m. Reward: − the
 * distance from the target [m] − the sum of the squared actions. No end but that of 50 decisions of 20 ms. Start:
 * stretched along x, angles uniform in ±0.1, speeds in ±0.005, the target anywhere within 0.2 m of the shoulder.
 *
 * What differs is told in bench/tasks/README.md.
 */
export const REACHER_TASK: PlanarTaskSpec = {
  name: 'reacher',
  timeStep: TIME_STEP,
  decisionPeriod: 2,
  maxDecisions: 50,
  spacing: 1,
  articulation: REACHER,
  observationSize: 10,
  actions: 2,
  create,
};

export const reacher = definePlanarTask(REACHER_TASK);

function create(body: Articulation, area: AreaContext): PlanarTask {
  const { angles, speeds, spins, cosines, sines } = body;
  const forearm = body.links[FOREARM].node;
  for (const { node } of body.links) node.physicsBody!.setGravityFactor(0); // it lies on a table
  const target = new TransformNode('target', area.scene);
  target.parent = area.root;
  const missX = () => forearm.position.x + (REACH - ARM / 2) * cosines[FOREARM] - target.position.x;
  const missY = () => forearm.position.y + (REACH - ARM / 2) * sines[FOREARM] - target.position.y;

  return {
    reset(random) {
      placeTarget(target, random);
      const turn = random.between(-0.1, 0.1);
      angles[0] = random.between(-0.1, 0.1);
      const spin = random.between(-0.005, 0.005);
      speeds[0] = random.between(-0.005, 0.005);
      body.x = body.y = body.speedX = body.speedY = 0;
      body.place(turn, spin);
    },

    act(action) {
      const shoulder = GEAR * action[0] - DAMPING * spins[0];
      const elbow = GEAR * action[1] - DAMPING * speeds[0];
      body.twist(UPPER_ARM, TIME_STEP * shoulder);
      body.twist(FOREARM, TIME_STEP * (shoulder + elbow));
    },

    reward: (action) => -Math.hypot(missX(), missY()) - action[0] ** 2 - action[1] ** 2,

    observe(out, offset) {
      out[offset] = cosines[0];
      out[offset + 1] = Math.cos(angles[0]);
      out[offset + 2] = sines[0];
      out[offset + 3] = Math.sin(angles[0]);
      out[offset + 4] = target.position.x;
      out[offset + 5] = target.position.y;
      out[offset + 6] = spins[0];
      out[offset + 7] = speeds[0];
      out[offset + 8] = missX();
      out[offset + 9] = missY();
    },
  };
}

/** Anywhere in the disc, each place as likely as any other. */
function placeTarget(target: TransformNode, random: Random): void {
  let [x, y] = [TARGETS, TARGETS];
  while (x * x + y * y >= TARGETS * TARGETS) {
    x = random.between(-TARGETS, TARGETS);
    y = random.between(-TARGETS, TARGETS);
  }
  target.position.set(x, y, 0);
}
