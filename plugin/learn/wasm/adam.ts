import { ADAM, RATE_RANGE } from '../engine.ts';
import type { LearnerWorkspace } from './workspace.ts';

const { beta1: BETA1, beta2: BETA2 } = ADAM;
const [LEAST_RATE, MOST_RATE] = RATE_RANGE;

/**
 * One step of Adam on all weights, with the gradient scaled down to the norm `most` if it is longer; for the equations see
 * `adam` in kernels/learner.ts.
 *
 * @param step t, from 1
 * @returns    the norm of the gradient before scaling
 */
export function applyAdam(workspace: LearnerWorkspace, most: number, learningRate: number, step: number): number {
  const { kernel, packing, weights, gradient, firstMoment, secondMoment } = workspace;
  const norm = Math.sqrt(kernel.squaredNorm(gradient.byteOffset, packing.size));
  kernel.adam(
    weights.byteOffset,
    gradient.byteOffset,
    firstMoment.byteOffset,
    secondMoment.byteOffset,
    packing.size,
    most / Math.max(norm, most),
    learningRate / (1 - BETA1 ** step),
    1 / (1 - BETA2 ** step),
  );
  return norm;
}

/**
 * The learning rate that keeps the KL divergence near its target (Rudin et al. 2022, as in rsl_rl): divided by 1.5 if the
 * divergence is above twice the target, multiplied by 1.5 if it is below half the target, within [1e-5, 1e-2].
 *
 * @param kl in nats
 */
export function adaptRate(learningRate: number, kl: number, target: number): number {
  if (kl > 2 * target) return Math.max(learningRate / 1.5, LEAST_RATE);
  if (kl < target / 2) return Math.min(learningRate * 1.5, MOST_RATE);
  return learningRate;
}
