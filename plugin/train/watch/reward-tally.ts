import type { Rollout } from '../../core/rollout.ts';
import { type Extremes, NO_EXTREMES } from './evidence.ts';

/** A reward that dwarfs the others. */
export interface RewardSpike {
  readonly value: number;
  /** root mean square of those that are less than a hundredth of it */
  readonly others: number;
  /** the rollout that it is in, and its entry [t, n] there */
  readonly rollout: number;
  readonly entry: number;
}

/** What the rewards of an update's rollouts were like. */
export interface RewardTally extends Extremes {
  readonly spike: RewardSpike | undefined;
}

/** A spike is at least this large … */
const LEAST_SPIKE = 1000;
/** … and as many times the root mean square of the rewards that are no hundredth of it, … */
const SPIKE_RATIO = 1000;
/** … which are all but this share. */
const MOST_SHARE = 1 / 8;

/** Goes over the rewards of all decisions. */
export function tallyRewards(rollouts: readonly Rollout[]): RewardTally {
  let { least, most } = NO_EXTREMES;
  for (const { active, reward } of rollouts) {
    for (let entry = 0; entry < active.length; entry++) {
      if (active[entry] === 0) continue;
      if (reward[entry] < least) least = reward[entry];
      if (reward[entry] > most) most = reward[entry];
    }
  }
  const value = most > -least ? most : least;
  return { least, most, spike: Math.abs(value) >= LEAST_SPIKE ? findSpike(rollouts, value) : undefined };
}

/** @param value the reward that is furthest from 0 */
function findSpike(rollouts: readonly Rollout[], value: number): RewardSpike | undefined {
  let place: Pick<RewardSpike, 'rollout' | 'entry'> | undefined;
  let squares = 0;
  let usual = 0;
  let large = 0;
  rollouts.forEach(({ active, reward }, rollout) => {
    for (let entry = 0; entry < active.length; entry++) {
      if (active[entry] === 0) continue;
      if (!place && reward[entry] === value) place = { rollout, entry };
      if (Math.abs(reward[entry]) >= Math.abs(value) / 100) {
        large++;
        continue;
      }
      usual++;
      squares += reward[entry] ** 2;
    }
  });
  const others = Math.sqrt(squares / Math.max(1, usual));
  if (!place || large > MOST_SHARE * (usual + large) || Math.abs(value) < SPIKE_RATIO * others) return undefined;
  return { value, others, ...place };
}
