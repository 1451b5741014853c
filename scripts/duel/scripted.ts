import type { Controller } from '../../plugin/index.ts';

/** Floats of a bot's observation and of its action, and choices of its mask. */
const SEEN = 13;
const ACTION = 3;
const CHOICES = 2;

/** A bot without a mind: it steers straight at its opponent and dashes when it is within 2.5 m. */
export const scripted: Controller = {
  act(observation, action, mask) {
    for (let n = 0; n * SEEN < observation.length; n++) {
      action[n * ACTION] = 0;
      action[n * ACTION + 1] = 1;
      const near = observation[n * SEEN] * 6 < 2.5;
      action[n * ACTION + 2] = near && mask[n * CHOICES + 1] === 1 ? 1 : 0;
    }
  },
};
