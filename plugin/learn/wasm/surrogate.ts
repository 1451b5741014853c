import type { ObjectiveName } from '../settings.ts';

/** What one sample adds to L^π, the part of the loss that rewards advantage, before the charge for divergence. */
export interface Surrogate {
  /** @param ratio ρ = π(a|s)/π_old(a|s) */
  readonly loss: (logProb: number, ratio: number, advantage: number, clip: number) => number;
  /** ∂loss/∂ log π(a|s) */
  readonly slope: (ratio: number, advantage: number, clip: number) => number;
}

/**
 * −min(ρ·Â, clip(ρ, 1−ε, 1+ε)·Â) (Schulman et al. 2017, eq. 7). Its slope is −ρ·Â if the first term is smaller, else 0.
 * (Also if neither is: NaN must not turn into 0.)
 */
const CLIPPED: Surrogate = {
  loss: (_, ratio, advantage, clip) => -Math.min(ratio * advantage, held(ratio, clip) * advantage),
  slope: (ratio, advantage, clip) => (ratio * advantage > held(ratio, clip) * advantage ? 0 : -ratio * advantage),
};

/** −ρ·Â (eq. 6), which equals its slope. */
const UNCLIPPED: Surrogate = {
  loss: (_, ratio, advantage) => -ratio * advantage,
  slope: (ratio, advantage) => -ratio * advantage,
};

/** −log π(a|s)·Â (eq. 2). */
const POLICY_GRADIENT: Surrogate = {
  loss: (logProb, _, advantage) => -logProb * advantage,
  slope: (_, advantage) => -advantage,
};

/** The surrogate for each objective. */
export const SURROGATES: Readonly<Record<ObjectiveName, Surrogate>> = {
  clip: CLIPPED,
  unclipped: UNCLIPPED,
  'kl-fixed': UNCLIPPED,
  'kl-adaptive': UNCLIPPED,
  'policy-gradient': POLICY_GRADIENT,
};

function held(ratio: number, clip: number): number {
  return Math.max(1 - clip, Math.min(1 + clip, ratio));
}
