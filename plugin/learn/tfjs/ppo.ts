import * as tf from '@tensorflow/tfjs-core';
import { MASKED } from '../samples.ts';

/** ½·log 2π */
const HALF_LOG_TWO_PI = 0.9189385332046727;

/**
 * The clipped surrogate objective of PPO, as a loss to minimize (Schulman et al. 2017, eq. 7).
 *
 *   ρ = π(a|s) / π_old(a|s)
 *   L = −mean(min(ρ·Â, clip(ρ, 1−ε, 1+ε)·Â))
 *
 * @param logProb    [B] log π(a|s); the only argument gradients flow through
 * @param oldLogProb [B] log π_old(a|s), recorded when the action was taken
 * @param advantage  [B] Â, already normalized
 * @param epsilon    ε, how far ρ may move from 1 before it stops paying
 * @returns          [] the loss
 */
export function surrogateLoss(
  logProb: tf.Tensor1D,
  oldLogProb: tf.Tensor1D,
  advantage: tf.Tensor1D,
  epsilon: number,
): tf.Scalar {
  return tf.tidy(() => {
    const ratio = tf.exp(tf.sub(logProb, oldLogProb));
    const clipped = tf.clipByValue(ratio, 1 - epsilon, 1 + epsilon);
    const objective = tf.minimum(tf.mul(ratio, advantage), tf.mul(clipped, advantage));
    return tf.neg(tf.mean(objective)) as tf.Scalar;
  });
}

/**
 * The surrogate objective of conservative policy iteration, with nothing to limit the step (Schulman et al. 2017, eq. 6).
 *
 *   L = −mean(ρ·Â)
 *
 * @param logProb    [B] log π(a|s); the only argument gradients flow through
 * @param oldLogProb [B] log π_old(a|s)
 * @param advantage  [B] Â
 * @returns          [] the loss
 */
export function unclippedLoss(logProb: tf.Tensor1D, oldLogProb: tf.Tensor1D, advantage: tf.Tensor1D): tf.Scalar {
  return tf.tidy(() => tf.neg(tf.mean(tf.mul(tf.exp(tf.sub(logProb, oldLogProb)), advantage))) as tf.Scalar);
}

/**
 * The unclipped surrogate plus a charge for divergence from the policy that acted (Schulman et al. 2017, eq. 8).
 *
 *   L = −mean(ρ·Â) + β·mean(KL(π_old ‖ π))
 *
 * @param logProb     [B] log π(a|s)
 * @param oldLogProb  [B] log π_old(a|s)
 * @param advantage   [B] Â
 * @param divergence  [B] KL(π_old(·|s) ‖ π(·|s)), see gaussianKl() and categoricalKl()
 * @param coefficient β
 * @returns           [] the loss; gradients flow through logProb and divergence
 */
export function penalizedLoss(
  logProb: tf.Tensor1D,
  oldLogProb: tf.Tensor1D,
  advantage: tf.Tensor1D,
  divergence: tf.Tensor1D,
  coefficient: number,
): tf.Scalar {
  return tf.tidy(() => {
    const penalty = tf.mul(tf.mean(divergence), coefficient);
    return tf.add<tf.Scalar>(unclippedLoss(logProb, oldLogProb, advantage), penalty);
  });
}

/**
 * The policy gradient's loss, valid for samples from the policy itself (Schulman et al. 2017, eq. 2).
 *
 *   L = −mean(log π(a|s)·Â)
 *
 * @param logProb   [B] log π(a|s); the only argument gradients flow through
 * @param advantage [B] Â
 * @returns         [] the loss
 */
export function policyGradientLoss(logProb: tf.Tensor1D, advantage: tf.Tensor1D): tf.Scalar {
  return tf.tidy(() => tf.neg(tf.mean(tf.mul(logProb, advantage))) as tf.Scalar);
}

/**
 * The divergence of a diagonal Gaussian from an older one.
 *
 *   KL(π_old ‖ π) = Σᵢ log σᵢ − log σ_oldᵢ + (σ_oldᵢ² + (μᵢ − μ_oldᵢ)²) / 2σᵢ² − ½
 *
 * @param oldMean         [B, C] μ_old
 * @param oldLogDeviation [B, C] log σ_old
 * @param mean            [B, C] μ
 * @param logDeviation    [C] log σ
 * @returns               [B] in nats
 */
export function gaussianKl(
  oldMean: tf.Tensor2D,
  oldLogDeviation: tf.Tensor2D,
  mean: tf.Tensor2D,
  logDeviation: tf.Tensor1D,
): tf.Tensor1D {
  return tf.tidy(() => {
    const shrink = tf.sub<tf.Tensor2D>(logDeviation, oldLogDeviation);
    const shift = tf.mul(tf.sub(mean, oldMean), tf.exp(tf.neg(logDeviation)));
    const spread = tf.add(tf.exp(tf.mul(shrink, -2)), tf.square(shift));
    return tf.sum<tf.Tensor1D>(tf.add(shrink, tf.sub(tf.mul(spread, 0.5), 0.5)), 1);
  });
}

/**
 * The divergence of the distributions over the choices of all branches from older ones.
 *
 *   KL(π_old ‖ π) = Σ p_old·(log p_old − log p)
 *
 * @param oldLogProbs [B, M] MASKED where a choice was masked
 * @param logProbs    [B, M] see categoricalLogProbs()
 * @returns           [B] in nats
 */
export function categoricalKl(oldLogProbs: tf.Tensor2D, logProbs: tf.Tensor2D): tf.Tensor1D {
  return tf.tidy(() => tf.sum<tf.Tensor1D>(tf.mul(tf.exp(oldLogProbs), tf.sub(oldLogProbs, logProbs)), 1));
}

/**
 * The squared error of the value (Schulman et al. 2017, L^VF of eq. 9), optionally clipped near the old value as in common
 * implementations since baselines' ppo2 (Dhariwal et al. 2017).
 *
 *   L = mean((V − V_targ)²)
 *   with a clip c:  L = mean(max((V − V_targ)², (V_old + clip(V − V_old, −c, c) − V_targ)²))
 *
 * @param value    [B] V(s); the only argument gradients flow through
 * @param oldValue [B] V_old(s), recorded when the action was taken
 * @param target   [B] V_targ = Â + V_old
 * @param valueClip c, in the unit of the values; 0 = no clip
 * @returns        [] the loss
 */
export function valueLoss(
  value: tf.Tensor1D,
  oldValue: tf.Tensor1D,
  target: tf.Tensor1D,
  valueClip: number,
): tf.Scalar {
  return tf.tidy(() => {
    const error = tf.square(tf.sub(value, target));
    if (valueClip === 0) return tf.mean(error) as tf.Scalar;
    const held = tf.add(oldValue, tf.clipByValue(tf.sub(value, oldValue), -valueClip, valueClip));
    return tf.mean(tf.maximum(error, tf.square(tf.sub(held, target)))) as tf.Scalar;
  });
}

/**
 * The log density of a diagonal Gaussian.
 *
 *   log π(a|s) = Σᵢ −½((aᵢ − μᵢ)/σᵢ)² − log σᵢ − ½ log 2π
 *
 * @param action       [B, C]
 * @param mean         [B, C] μ
 * @param logDeviation [C] log σ
 * @returns            [B]
 */
export function gaussianLogProb(action: tf.Tensor2D, mean: tf.Tensor2D, logDeviation: tf.Tensor1D): tf.Tensor1D {
  return tf.tidy(() => {
    const z = tf.mul(tf.sub(action, mean), tf.exp(tf.neg(logDeviation)));
    const constant = tf.add(tf.sum(logDeviation), HALF_LOG_TWO_PI * logDeviation.size);
    return tf.sub<tf.Tensor1D>(tf.mul(tf.sum(tf.square(z), 1), -0.5), constant);
  });
}

/**
 * H = Σᵢ log σᵢ + ½ log 2πe, in nats; the same for every observation.
 *
 * @param logDeviation [C] log σ
 * @returns            []
 */
export function gaussianEntropy(logDeviation: tf.Tensor1D): tf.Scalar {
  return tf.tidy(() => tf.add<tf.Scalar>(tf.sum(logDeviation), (HALF_LOG_TWO_PI + 0.5) * logDeviation.size));
}

/**
 * Log-probabilities of every choice of every branch: log softmax over each branch's allowed choices. A masked choice has
 * probability 0 and no gradient; its entry is about −10⁹ rather than −∞, so that 0 times it is 0.
 *
 * @param logits   [B, M]
 * @param mask     [B, M] 1 = allowed, 0 = not; at least one choice per branch must be allowed
 * @param branches [D] the number of choices of each branch; they add up to M
 * @returns        [B, M]
 */
export function categoricalLogProbs(logits: tf.Tensor2D, mask: tf.Tensor2D, branches: readonly number[]): tf.Tensor2D {
  return tf.tidy((): tf.Tensor2D => {
    const allowed = tf.add<tf.Tensor2D>(logits, tf.mul(tf.sub(1, mask), MASKED));
    if (branches.every((size) => size === branches[0])) {
      return tf.reshape(tf.logSoftmax(tf.reshape(allowed, [-1, branches[0]])), [-1, allowed.shape[1]]);
    }
    const split: tf.Tensor2D[] = tf.split(allowed, [...branches], 1);
    return tf.concat(
      split.map((branch) => tf.logSoftmax(branch)),
      1,
    );
  });
}

/**
 * log π(a|s) = Σ over the branches of the chosen entry.
 *
 * @param logProbs [B, M] see categoricalLogProbs()
 * @param choice   [B, M] 1 for each branch's choice, else 0
 * @returns        [B]
 */
export function categoricalLogProb(logProbs: tf.Tensor2D, choice: tf.Tensor2D): tf.Tensor1D {
  return tf.tidy(() => tf.sum<tf.Tensor1D>(tf.mul(logProbs, choice), 1));
}

/**
 * H = −Σ p log p over the allowed choices of all branches, in nats.
 *
 * @param logProbs [B, M] see categoricalLogProbs()
 * @returns        [B]
 */
export function categoricalEntropy(logProbs: tf.Tensor2D): tf.Tensor1D {
  return tf.tidy(() => tf.neg<tf.Tensor1D>(tf.sum(tf.mul(tf.exp(logProbs), logProbs), 1)));
}

/**
 * An estimate of KL(π_old ‖ π) that is never negative (k3 of Schulman 2020, "Approximating KL Divergence").
 *
 *   k3 = mean((ρ − 1) − log ρ)
 *
 * @param logProb    [B] log π(a|s)
 * @param oldLogProb [B] log π_old(a|s)
 * @returns          [] in nats
 */
export function approximateKl(logProb: tf.Tensor1D, oldLogProb: tf.Tensor1D): tf.Scalar {
  return tf.tidy(() => {
    const logRatio = tf.sub(logProb, oldLogProb);
    return tf.mean(tf.sub(tf.expm1(logRatio), logRatio)) as tf.Scalar;
  });
}

/**
 * Two more estimates of KL(π_old ‖ π) (k1 and k2 of Schulman 2020); all three agree for similar policies.
 *
 *   k1 = mean(−log ρ)        k2 = mean(½·(log ρ)²)
 *
 * @param logProb    [B] log π(a|s)
 * @param oldLogProb [B] log π_old(a|s)
 * @returns          [] and [] in nats
 */
export function otherKlEstimates(logProb: tf.Tensor1D, oldLogProb: tf.Tensor1D): readonly [tf.Scalar, tf.Scalar] {
  return tf.tidy(() => {
    const logRatio = tf.sub(logProb, oldLogProb);
    const half = tf.mul(tf.mean(tf.square(logRatio)), 0.5);
    return [tf.neg(tf.mean(logRatio)) as tf.Scalar, half as tf.Scalar] as [tf.Scalar, tf.Scalar];
  });
}

/**
 * The share of samples whose ratio left [1 − ε, 1 + ε].
 *
 * @param logProb    [B] log π(a|s)
 * @param oldLogProb [B] log π_old(a|s)
 * @returns          []
 */
export function clipFraction(logProb: tf.Tensor1D, oldLogProb: tf.Tensor1D, epsilon: number): tf.Scalar {
  return tf.tidy(() => {
    const distance = tf.abs(tf.sub(tf.exp(tf.sub(logProb, oldLogProb)), 1));
    return tf.mean(tf.step(tf.sub(distance, epsilon))) as tf.Scalar;
  });
}
