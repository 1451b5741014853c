import type { Dynamics } from './dynamics.ts';

const GRAVITY = 9.8;
const CART_MASS = 1;
const POLE_MASS = 0.1;
const TOTAL_MASS = POLE_MASS + CART_MASS;
/** m, half of the pole's length */
const LENGTH = 0.5;
const POLE_MASS_LENGTH = POLE_MASS * LENGTH;
/** N, the push of either choice */
const FORCE = 10;
const TIME_STEP = 0.02;
const ANGLE_LIMIT = (12 * 2 * Math.PI) / 360;
const POSITION_LIMIT = 2.4;

/**
 * Gymnasium's CartPole-v1 (Barto, Sutton and Anderson 1983): a cart is pushed left or right so that the pole on it stays up.
 *
 * State and observation: position [m], velocity, the pole's angle from upright [rad], its velocity; all start uniform in
 * ±0.05. Choices: 0 pushes left, 1 right. Every step is worth 1, the last one too; the episode is over beyond ±2.4 m or
 * ±12°. Euler's explicit method.
 */
export const cartpole: Dynamics = {
  name: 'cartpole',
  timeStep: TIME_STEP,
  maxDecisions: 500,
  stateSize: 4,
  observationSize: 4,
  choices: 2,

  reset(state, random) {
    for (let i = 0; i < 4; i++) state[i] = random.between(-0.05, 0.05);
  },

  step(state, action) {
    const velocity = state[1];
    const angle = state[2];
    const angularVelocity = state[3];
    const force = action === 1 ? FORCE : -FORCE;
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    const push = (force + POLE_MASS_LENGTH * angularVelocity ** 2 * sin) / TOTAL_MASS;
    const angularAcceleration = (GRAVITY * sin - cos * push) / (LENGTH * (4 / 3 - (POLE_MASS * cos ** 2) / TOTAL_MASS));
    const acceleration = push - (POLE_MASS_LENGTH * angularAcceleration * cos) / TOTAL_MASS;
    state[0] += TIME_STEP * velocity;
    state[1] += TIME_STEP * acceleration;
    state[2] += TIME_STEP * angularVelocity;
    state[3] += TIME_STEP * angularAcceleration;
    return 1;
  },

  terminated: (state) => Math.abs(state[0]) > POSITION_LIMIT || Math.abs(state[2]) > ANGLE_LIMIT,

  observe(state, out, offset) {
    out.set(state, offset);
  },
};
