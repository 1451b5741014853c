import type { Rollout } from './rollout.ts';

/**
 * Generalized advantage estimation (Schulman et al. 2016, eq. 16; truncated to the rollout as in Schulman et al. 2017, eq. 11).
 *
 *   δₜ = rₜ + γ·V(sₜ₊₁) − V(sₜ)
 *   Âₜ = δₜ + γλ·Âₜ₊₁
 *
 * Where an episode terminated, V(sₜ₊₁) and Âₜ₊₁ are 0. Where it was truncated, V(sₜ₊₁) is the value of the observation it
 * stopped at (`finalValue`), and Âₜ₊₁ is 0. After the last decision V(sₜ₊₁) is `lastValue`.
 *
 * @param rollout  columns [T, N]; entries whose agent was not active get 0
 * @param discount γ
 * @param lambda   λ
 * @param out      [T, N] Â
 * @returns        `out`
 */
export function estimateAdvantage(
  rollout: Rollout,
  discount: number,
  lambda: number,
  out = rollout.advantage,
): Float32Array {
  const { horizon, agents } = rollout.shape;
  const { value, reward, terminated, truncated, active, finalValue, lastValue } = rollout;
  for (let n = 0; n < agents; n++) {
    let nextValue = lastValue[n];
    let nextAdvantage = 0;
    for (let t = horizon - 1; t >= 0; t--) {
      const at = t * agents + n;
      if (active[at] === 0) {
        out[at] = 0;
        continue;
      }
      if (terminated[at] === 1) {
        nextValue = 0;
        nextAdvantage = 0;
      } else if (truncated[at] === 1) {
        nextValue = finalValue[at];
        nextAdvantage = 0;
      }
      const delta = reward[at] + discount * nextValue - value[at];
      nextAdvantage = delta + discount * lambda * nextAdvantage;
      out[at] = nextAdvantage;
      nextValue = value[at];
    }
  }
  return out;
}
