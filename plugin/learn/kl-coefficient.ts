/** The range of β, so that doubling or halving never leaves float32. */
const RANGE = [1e-6, 1e6] as const;

/**
 * β of the next update, from this update's divergence d (Schulman et al. 2017, section 4):
 *
 *   d < d_targ/1.5: β ← β/2        d > 1.5·d_targ: β ← 2·β
 *
 * @param kl     d, mean of KL(π_old ‖ π) over the update's samples, in nats
 * @param target d_targ
 */
export function adaptKlCoefficient(coefficient: number, kl: number, target: number): number {
  if (kl < target / 1.5) return Math.max(coefficient / 2, RANGE[0]);
  if (kl > 1.5 * target) return Math.min(coefficient * 2, RANGE[1]);
  return coefficient;
}
