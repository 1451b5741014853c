import { FunctionActuator, FunctionSensor } from '../../plugin/index.ts';
import type { Bot } from './bot.ts';
import type { Duel } from './duel.ts';
import { Frame } from './frame.ts';
import { DROPS, RADII, untilDrop } from './round.ts';

/** What a length [m] and a speed [m/s] are told in, so that observations are about 1. */
const LENGTH = RADII[0];
const SPEED = 8;

/** All that a bot knows of the fight, along its own axes: README.md has the table. */
export function createSensor(duel: Duel, me: Bot, other: Bot): FunctionSensor {
  const frame = new Frame();
  return new FunctionSensor('fight', 13, (out, offset) => {
    const { x, z } = me.position;
    frame.aim(me.position, other.position);
    out[offset] = frame.distance / LENGTH;
    const mine = me.readVelocity();
    out[offset + 1] = frame.right(mine.x, mine.z) / SPEED;
    out[offset + 2] = frame.forward(mine.x, mine.z) / SPEED;
    const theirs = other.readVelocity();
    out[offset + 3] = frame.right(theirs.x, theirs.z) / SPEED;
    out[offset + 4] = frame.forward(theirs.x, theirs.z) / SPEED;
    out[offset + 5] = frame.right(-x, -z) / LENGTH;
    out[offset + 6] = frame.forward(-x, -z) / LENGTH;
    const { radius } = duel.platform;
    out[offset + 7] = (radius - me.distance) / LENGTH;
    out[offset + 8] = (radius - other.distance) / LENGTH;
    out[offset + 9] = me.charge;
    out[offset + 10] = other.charge;
    out[offset + 11] = radius / LENGTH;
    out[offset + 12] = untilDrop(duel.seconds) / DROPS[0];
  });
}

/** Two continuous actions, a push to the right and one forward, and a choice: 1 is a dash, forbidden while it recharges. */
export function createActuator(duel: Duel, me: Bot, other: Bot): FunctionActuator {
  return new FunctionActuator({
    name: 'drive',
    continuous: 2,
    branches: [2],
    apply(action, offset) {
      if (duel.atDecision) {
        me.frame.aim(me.position, other.position);
        me.steer(action[offset], action[offset + 1]);
        if (action[offset + 2] === 1) me.dash();
      }
      me.apply();
    },
    mask(out, offset) {
      if (!me.mayDash) out[offset + 1] = 0;
    },
  });
}
