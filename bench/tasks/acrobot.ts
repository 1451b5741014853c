import { clamp, type Dynamics } from './dynamics.ts';

const GRAVITY = 9.8;
const [MASS_1, MASS_2] = [1, 1];
/** m, of the upper link */
const LENGTH_1 = 1;
/** m, from a link's joint to its center of mass */
const [CENTER_1, CENTER_2] = [0.5, 0.5];
/** kg·m², of either link about its center of mass */
const INERTIA = 1;
const TIME_STEP = 0.2;
const [MAX_SPEED_1, MAX_SPEED_2] = [4 * Math.PI, 9 * Math.PI];

/** [4] the slopes of Runge and Kutta's method and the state that one is taken at, rewritten in every step */
const k1 = new Float64Array(4);
const k2 = new Float64Array(4);
const k3 = new Float64Array(4);
const k4 = new Float64Array(4);
const between = new Float64Array(4);

/**
 * Gymnasium's Acrobot-v1 (Sutton 1996, with the equations of Sutton and Barto's book): two hanging links, driven at the
 * joint between them, have to swing their tip a link's length above the upper end.
 *
 * State: the upper link's angle from hanging [rad], the lower one's from the upper's, and their velocities; all start
 * uniform in ±0.1, as float32. Observation: cosine and sine of either angle, velocities. Choices: a torque of −1, 0 or
 * 1 N·m. Every step costs 1 but the one that reaches the goal.
 */
export const acrobot: Dynamics = {
  name: 'acrobot',
  timeStep: TIME_STEP,
  maxDecisions: 500,
  stateSize: 4,
  observationSize: 6,
  choices: 3,

  reset(state, random) {
    for (let i = 0; i < 4; i++) state[i] = Math.fround(random.between(-0.1, 0.1));
  },

  step(state, action) {
    integrate(state, action - 1);
    state[0] = wrap(state[0]);
    state[1] = wrap(state[1]);
    state[2] = clamp(state[2], -MAX_SPEED_1, MAX_SPEED_1);
    state[3] = clamp(state[3], -MAX_SPEED_2, MAX_SPEED_2);
    return acrobot.terminated(state) ? 0 : -1;
  },

  terminated: (state) => -Math.cos(state[0]) - Math.cos(state[1] + state[0]) > 1,

  observe(state, out, offset) {
    out[offset] = Math.cos(state[0]);
    out[offset + 1] = Math.sin(state[0]);
    out[offset + 2] = Math.cos(state[1]);
    out[offset + 3] = Math.sin(state[1]);
    out[offset + 4] = state[2];
    out[offset + 5] = state[3];
  },
};

/** One step of the classical Runge-Kutta method of order 4. */
function integrate(state: Float64Array, torque: number): void {
  derive(state, torque, k1);
  derive(along(state, TIME_STEP / 2, k1), torque, k2);
  derive(along(state, TIME_STEP / 2, k2), torque, k3);
  derive(along(state, TIME_STEP, k3), torque, k4);
  for (let i = 0; i < 4; i++) state[i] += (TIME_STEP / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
}

/** `state` after so many seconds of `slope`. */
function along(state: Float64Array, seconds: number, slope: Float64Array): Float64Array {
  for (let i = 0; i < 4; i++) between[i] = state[i] + seconds * slope[i];
  return between;
}

/** The state's change per second (Sutton and Barto 1998, section 11.3). */
function derive(state: Float64Array, torque: number, out: Float64Array): void {
  const angle1 = state[0];
  const angle2 = state[1];
  const speed1 = state[2];
  const speed2 = state[3];
  const cos2 = Math.cos(angle2);
  const sin2 = Math.sin(angle2);
  const d1 =
    MASS_1 * CENTER_1 ** 2 +
    MASS_2 * (LENGTH_1 ** 2 + CENTER_2 ** 2 + 2 * LENGTH_1 * CENTER_2 * cos2) +
    INERTIA +
    INERTIA;
  const d2 = MASS_2 * (CENTER_2 ** 2 + LENGTH_1 * CENTER_2 * cos2) + INERTIA;
  const phi2 = MASS_2 * CENTER_2 * GRAVITY * Math.cos(angle1 + angle2 - Math.PI / 2);
  const phi1 =
    -MASS_2 * LENGTH_1 * CENTER_2 * speed2 ** 2 * sin2 -
    2 * MASS_2 * LENGTH_1 * CENTER_2 * speed2 * speed1 * sin2 +
    (MASS_1 * CENTER_1 + MASS_2 * LENGTH_1) * GRAVITY * Math.cos(angle1 - Math.PI / 2) +
    phi2;
  const acceleration2 =
    (torque + (d2 / d1) * phi1 - MASS_2 * LENGTH_1 * CENTER_2 * speed1 ** 2 * sin2 - phi2) /
    (MASS_2 * CENTER_2 ** 2 + INERTIA - d2 ** 2 / d1);
  out[0] = speed1;
  out[1] = speed2;
  out[2] = -(d2 * acceleration2 + phi1) / d1;
  out[3] = acceleration2;
}

/** The same angle in [−π, π]. */
function wrap(angle: number): number {
  let wrapped = angle;
  while (wrapped > Math.PI) wrapped -= 2 * Math.PI;
  while (wrapped < -Math.PI) wrapped += 2 * Math.PI;
  return wrapped;
}
