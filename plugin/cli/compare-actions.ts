import type { EpisodeStatistics } from '../train/evaluate.ts';

/** Two mean returns differ if they are this many standard errors apart. */
const CLEAR = 2;

/** One line on how the same policy does with the other kind of actions, and what that means for a game. */
export function compareActions(played: EpisodeStatistics, other: EpisodeStatistics, deterministic: boolean): string {
  const difference = other.meanReturn - played.meanReturn;
  const error = Math.sqrt((played.stdReturn ** 2 + other.stdReturn ** 2) / (other.episodes - 1));
  const clear = Math.abs(difference) > CLEAR * error;
  const what = deterministic
    ? 'With sampled actions (without --deterministic)'
    : 'With the most likely actions (--deterministic)';
  const reached = `mean return ${other.meanReturn.toFixed(2)} ± ${other.stdReturn.toFixed(2)}`;
  return `${what}: ${reached}, ${clear ? verdict(difference > 0, deterministic) : 'no clear difference'}.`;
}

function verdict(better: boolean, deterministic: boolean): string {
  const draw = better === deterministic;
  const advice = draw
    ? 'sample in the game too, with the seed of playPolicy() or with policy.sampleWith()'
    : 'games take the most likely ones by default';
  return `${better ? 'better' : 'worse'}: ${advice}`;
}
