import type { Articulation, ArticulationSpec } from './articulation.ts';
import { definePlanarTask, type PlanarTask, type PlanarTaskSpec } from './define-planar-task.ts';

const TIME_STEP = 1 / 60;
/** N on the cart at an action of 1 */
const GEAR = 500;
/** N·s/m of the cart, N·m·s/rad of the joints */
const DAMPING = 0.05;
/** m of a pole */
const POLE = 0.6;
/** m/s and rad/s that observed speeds are held to */
const SPEED_LIMIT = 10;
const CART = 0;
const UPPER_POLE = 2;

/** MuJoCo's inverted_double_pendulum.xml. */
export const DOUBLE_PENDULUM: ArticulationSpec = {
  freedom: 'slide',
  origin: [0, 0],
  sense: -1,
  links: [
    { name: 'cart', capsules: [{ from: [-0.1, 0], to: [0.1, 0], radius: 0.1 }] },
    {
      name: 'pole',
      joint: { on: 'cart', at: [0, 0] },
      capsules: [{ from: [0, 0], to: [0, POLE], radius: 0.045 }],
    },
    {
      name: 'upper-pole',
      joint: { on: 'pole', at: [0, POLE] },
      capsules: [{ from: [0, POLE], to: [0, 2 * POLE], radius: 0.045 }],
    },
  ],
};

/**
 * Gymnasium's InvertedDoublePendulum-v5 on Havok: a cart on a rail of ±1 m balances two poles, one upon the other.
 *
 * Observation (8): place of the cart [m]; sines, then cosines of the poles' angles, the lower one's from upright, the upper
 * one's from the lower; their speeds, the cart's first, held to ±10. Action (1): ±1 for ±500 N on the cart. Reward, with
 * the tip at (x, y): 10 while it goes on − 0.01 x² − (y − 2)² − 0.001 q̇₁² − 0.005 q̇₂². The episode is over when the tip is
 * not above 1 m, and after 1000 decisions of 50 ms. Start: every coordinate uniform in ±0.1, every speed normal with a
 * deviation of 0.1.
 *
 * What differs is told in bench/tasks/README.md.
 */
export const DOUBLE_PENDULUM_TASK: PlanarTaskSpec = {
  name: 'inverted-double-pendulum',
  timeStep: TIME_STEP,
  decisionPeriod: 3,
  maxDecisions: 1000,
  spacing: 6,
  articulation: DOUBLE_PENDULUM,
  observationSize: 8,
  actions: 1,
  create,
};

export const invertedDoublePendulum = definePlanarTask(DOUBLE_PENDULUM_TASK);

function create(body: Articulation): PlanarTask {
  const { angles, speeds, cosines, sines } = body;
  const upper = body.links[UPPER_POLE].node;
  const tipX = () => upper.position.x - (POLE / 2) * sines[UPPER_POLE];
  const tipY = () => upper.position.y + (POLE / 2) * cosines[UPPER_POLE];
  const terminated = () => tipY() <= 1;

  return {
    reset(random) {
      body.x = random.between(-0.1, 0.1);
      body.y = 0;
      for (let i = 0; i < angles.length; i++) angles[i] = random.between(-0.1, 0.1);
      body.speedX = 0.1 * random.normal();
      body.speedY = 0;
      for (let i = 0; i < speeds.length; i++) speeds[i] = 0.1 * random.normal();
      body.place(0, 0);
    },

    act(action) {
      body.push(CART, TIME_STEP * (GEAR * action[0] - DAMPING * body.speedX));
      for (let i = 0; i < speeds.length; i++) body.twistJoint(i, -TIME_STEP * DAMPING * speeds[i]);
    },

    reward() {
      const alive = terminated() ? 0 : 10;
      return alive - 0.01 * tipX() ** 2 - (tipY() - 2) ** 2 - 1e-3 * speeds[0] ** 2 - 5e-3 * speeds[1] ** 2;
    },

    terminated,

    observe(out, offset) {
      out[offset] = body.x;
      out[offset + 1] = Math.sin(angles[0]);
      out[offset + 2] = Math.sin(angles[1]);
      out[offset + 3] = Math.cos(angles[0]);
      out[offset + 4] = Math.cos(angles[1]);
      out[offset + 5] = held(body.speedX);
      out[offset + 6] = held(speeds[0]);
      out[offset + 7] = held(speeds[1]);
    },
  };
}

function held(speed: number): number {
  return Math.max(-SPEED_LIMIT, Math.min(SPEED_LIMIT, speed));
}
