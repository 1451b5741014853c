import { clamp, type Dynamics } from './dynamics.ts';

const GRAVITY = 10;
const MASS = 1;
const LENGTH = 1;
const TIME_STEP = 0.05;
/** N·m, of an action of 1 */
const MAX_TORQUE = 2;
/** rad/s */
const MAX_SPEED = 8;
const TURN = 2 * Math.PI;

/**
 * Gymnasium's Pendulum-v1: a motor too weak to lift the pendulum at once has to swing it up and hold it there.
 *
 * State: angle from upright [rad], never wrapped, and velocity; they start uniform in ±π and ±1. Observation: cosine and
 * sine of the angle, velocity. Action: torque, ±1 for ±2 N·m. A step costs θ² + 0.1 ω² + 0.001 τ² of the state that it
 * starts from; no episode ends before its 200 steps.
 */
export const pendulum: Dynamics = {
  name: 'pendulum',
  timeStep: TIME_STEP,
  maxDecisions: 200,
  stateSize: 2,
  observationSize: 3,
  choices: 0,

  reset(state, random) {
    state[0] = random.between(-Math.PI, Math.PI);
    state[1] = random.between(-1, 1);
  },

  step(state, action) {
    const angle = state[0];
    const speed = state[1];
    const torque = clamp(MAX_TORQUE * action, -MAX_TORQUE, MAX_TORQUE);
    const cost = normalize(angle) ** 2 + 0.1 * speed ** 2 + 0.001 * torque ** 2;
    const gained = (((3 * GRAVITY) / (2 * LENGTH)) * Math.sin(angle) + (3 / (MASS * LENGTH ** 2)) * torque) * TIME_STEP;
    state[1] = clamp(speed + gained, -MAX_SPEED, MAX_SPEED);
    state[0] = angle + state[1] * TIME_STEP;
    return -cost;
  },

  terminated: () => false,

  observe(state, out, offset) {
    out[offset] = Math.cos(state[0]);
    out[offset + 1] = Math.sin(state[0]);
    out[offset + 2] = state[1];
  },
};

/** The same angle in [−π, π). */
function normalize(angle: number): number {
  const turned = (angle + Math.PI) % TURN; // has the sign of the angle, where Python's has the sign of the turn
  return (turned < 0 ? turned + TURN : turned) - Math.PI;
}
