import { clamp, type Dynamics } from './dynamics.ts';

const [LEFT_WALL, RIGHT_WALL] = [-1.2, 0.6];
const GOAL = 0.5;
const SPEED_LIMIT = 0.07;
const FORCE = 0.001;
const GRAVITY = 0.0025;

/**
 * Gymnasium's MountainCar-v0 (Moore 1990): a car too weak for the slope has to swing up it.
 *
 * State and observation: position, velocity; starts at rest, uniform in [−0.6, −0.4]. Choices: 0 drives left, 1 not, 2
 * right. Every step costs 1, the one that reaches the goal too. The left wall stops the car; units are the task's own.
 */
export const mountainCar: Dynamics = {
  name: 'mountain-car',
  timeStep: 1 / 30, // as Gymnasium draws it; the dynamics count in steps
  maxDecisions: 200,
  stateSize: 2,
  observationSize: 2,
  choices: 3,

  reset(state, random) {
    state[0] = random.between(-0.6, -0.4);
    state[1] = 0;
  },

  step(state, action) {
    const push = (action - 1) * FORCE + Math.cos(3 * state[0]) * -GRAVITY;
    const velocity = clamp(state[1] + push, -SPEED_LIMIT, SPEED_LIMIT);
    state[0] = clamp(state[0] + velocity, LEFT_WALL, RIGHT_WALL);
    state[1] = state[0] === LEFT_WALL && velocity < 0 ? 0 : velocity;
    return -1;
  },

  terminated: (state) => state[0] >= GOAL && state[1] >= 0,

  observe(state, out, offset) {
    out.set(state, offset);
  },
};
