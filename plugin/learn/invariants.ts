import { measureLayout } from '../core/layout.ts';
import type { Rollout } from '../core/rollout.ts';
import { categoricalEntropy } from '../policy/categorical.ts';
import { gaussianEntropy } from '../policy/gaussian.ts';
import type { PolicySpec } from '../policy/policy.ts';
import { REPORT, stepsPerEpoch, type TrainingJob, type TrainingOutcome } from './engine.ts';
import type { UpdateRequest } from './learner.ts';
import { countActive } from './samples.ts';

/** What holds for every correct update, whatever the task. */
export type InvariantName = 'ratio' | 'entropy' | 'sampling' | 'estimators' | 'explained-variance';

/** An invariant that an update violated. */
export interface Violation {
  readonly invariant: InvariantName;
  /** what was found, what it means and the usual causes */
  readonly message: string;
}

/** Everything known about an update after its gradient steps. */
export interface UpdateEvidence {
  readonly spec: PolicySpec;
  readonly request: UpdateRequest;
  readonly job: TrainingJob;
  readonly outcome: TrainingOutcome;
  /** of the values before the update, see explainedVariance() */
  readonly explainedVariance: number;
}

/** Bound on the root mean square of log ρ before the first step; float32 rounding stays below a tenth of it. */
const MOST_LOG_RATIO = 1e-3;
/** How far two computations of one entropy may differ, as a share of H, or in nats if H is small. */
const ENTROPY_TOLERANCE = 1e-3;
/** log 2/p, where p = 10⁻⁹ is the accepted chance of a false alarm about an average. */
const UNLIKELY = Math.log(2e9);
/** Every sample's distribution is checked every this many updates, after the first few. */
const LOOK_EVERY = 10;
/** Range of divergence, in nats, in which the estimates are compared: below is rounding, above they may differ. */
const NEAR_ZERO = [1e-4, 0.02] as const;
/** How much k2 and k3 may differ there: for log ρ ~ N(−k, 2k) it is a few percent. */
const MOST_ESTIMATOR_RATIO = 2;
const LEAST_EXPLAINED_VARIANCE = -1;
/** How many updates in a row a critic may be worse than that. */
const PATIENCE = 20;
/** If targets vary by less than this share of their size, only noise is left to explain. */
const LEAST_TARGET_SPREAD = 0.1;

/** Watches a learner's updates for signs of a bug. Each invariant is reported once. */
export class InvariantWatch {
  readonly #told = new Set<InvariantName>();
  #unexplained = 0;

  /** The invariants that this update is the first to violate. */
  check(evidence: UpdateEvidence): Violation[] {
    const { onPolicy, update, rollouts } = evidence.request;
    const surprise = update < 3 || update % LOOK_EVERY === 0 ? surpriseOf(evidence.spec, rollouts) : undefined;
    const checks = [
      onPolicy ? checkRatio(evidence) : undefined,
      onPolicy && surprise ? checkEntropy(evidence, surprise) : undefined,
      surprise && checkSampling(surprise),
      checkEstimators(evidence),
      this.#checkExplainedVariance(evidence),
    ];
    const news = checks.filter((found) => found !== undefined).filter(({ invariant }) => !this.#told.has(invariant));
    for (const { invariant } of news) this.#told.add(invariant);
    return news;
  }

  #checkExplainedVariance({ explainedVariance, job }: UpdateEvidence): Violation | undefined {
    const poor = explainedVariance < LEAST_EXPLAINED_VARIANCE && targetsDiffer(job.samples.target, job.samples.value);
    this.#unexplained = poor ? this.#unexplained + 1 : 0;
    if (this.#unexplained < PATIENCE) return undefined;
    return {
      invariant: 'explained-variance',
      message: `The critic has been worse than a constant for ${PATIENCE} updates (explained variance ${explainedVariance.toFixed(2)}): the advantages are mostly noise. Usual causes: the learning rate or valueCoefficient is too high, the scale of rewards jumps (keep normalizeValue on), or the observation lacks what the return depends on.`,
    };
  }
}

/** ρ is 1 for every sample before the first gradient step: the learner's probabilities must be those of the sampling. */
function checkRatio({ outcome }: UpdateEvidence): Violation | undefined {
  const deviation = Math.sqrt(2 * reportOf(outcome.first, 'k2'));
  if (deviation <= MOST_LOG_RATIO) return undefined;
  return {
    invariant: 'ratio',
    message: `Before the first gradient step the ratio π/π_old differs from 1 (log ρ by ${deviation.toPrecision(2)}, root mean square): the learner does not see the policy, action or observation that the worker used. Usual causes: observations normalized differently, actions changed after sampling, or different masks.`,
  };
}

/** The entropy in the first gradient step's report matches the closed form for the distributions that the workers recorded. */
function checkEntropy({ job, outcome }: UpdateEvidence, { entropies }: Surprise): Violation | undefined {
  const [order] = job.orders;
  let expected = 0;
  for (let i = 0; i < job.minibatch; i++) expected += entropies[order[i % order.length]] / job.minibatch;
  const found = reportOf(outcome.first, 'entropy');
  if (Math.abs(found - expected) <= ENTROPY_TOLERANCE * Math.max(1, Math.abs(expected))) return undefined;
  return {
    invariant: 'entropy',
    message: `The learner computes a policy entropy of ${found.toPrecision(4)} nats, but the closed form gives ${expected.toPrecision(4)}: the entropy bonus pushes in the wrong direction. Usual causes: masked choices are counted, or branches and actions are summed differently.`,
  };
}

/**
 * The mean of −log π(a|s) over sampled actions estimates the mean entropy of their distributions, within Bernstein's bound
 * √(2·v·L/S) + b·L/3S for S samples with variance v and largest difference b.
 */
function checkSampling({ entropies, variances, surprises }: Surprise): Violation | undefined {
  const count = entropies.length;
  let mean = 0;
  let variance = 0;
  let greatest = 0;
  for (let i = 0; i < count; i++) {
    const difference = surprises[i] - entropies[i];
    mean += difference / count;
    variance += variances[i] / count;
    greatest = Math.max(greatest, Math.abs(difference));
  }
  const bound = Math.sqrt((2 * variance * UNLIKELY) / count) + (greatest * UNLIKELY) / (3 * count);
  if (Math.abs(mean) <= bound + ENTROPY_TOLERANCE) return undefined;
  return {
    invariant: 'sampling',
    message: `Actions are ${mean > 0 ? 'less' : 'more'} likely than samples from the policy: −log π differs from the entropy by ${Math.abs(mean).toPrecision(2)} nats on average, and chance explains at most ${bound.toPrecision(2)}. Usual causes: actions changed after sampling, or a random stream used twice.`,
  };
}

/** Two estimates of one divergence, k2 and k3, agree if it is small. */
function checkEstimators({ outcome, job }: UpdateEvidence): Violation | undefined {
  const steps = stepsPerEpoch(job);
  const last = outcome.totals.subarray((job.orders.length - 1) * REPORT.length);
  const [k2, k3] = [reportOf(last, 'k2') / steps, reportOf(last, 'approximateKl') / steps];
  const [least, most] = NEAR_ZERO;
  if (Math.max(k2, k3) < least || k3 > most) return undefined;
  if (k2 <= MOST_ESTIMATOR_RATIO * k3 && k3 <= MOST_ESTIMATOR_RATIO * k2) return undefined;
  return {
    invariant: 'estimators',
    message: `Two estimates of the same small KL divergence disagree (k2 ${k2.toPrecision(2)}, k3 ${k3.toPrecision(2)} nats): the ratios of a few samples are far from 1 while most barely change. Usual causes: an action with a very small log σ, a wrong log-probability in a few rows, or a learning rate that is too high.`,
  };
}

function reportOf(report: Float32Array, name: (typeof REPORT)[number]): number {
  return report[REPORT.indexOf(name)];
}

/** Values for every active entry of some rollouts, in the order of the samples. */
interface Surprise {
  /** [S] closed form of H(π_old(·|s)), the expected −log π_old(a|s) */
  readonly entropies: Float64Array;
  /** [S] the variance of −log π_old(a|s) */
  readonly variances: Float64Array;
  /** [S] −log π_old(a|s) of the sampled action */
  readonly surprises: Float64Array;
}

function surpriseOf({ layout }: PolicySpec, rollouts: readonly Rollout[]): Surprise {
  const { continuous, branches, mask } = measureLayout(layout);
  const count = countActive(rollouts);
  const [entropies, variances, surprises] = [0, 1, 2].map(() => new Float64Array(count));
  let to = 0;
  for (const { active, logProb, logProbs, logDeviation } of rollouts) {
    const spread = gaussianEntropy(logDeviation);
    for (let row = 0; row < active.length; row++) {
      if (active[row] === 0) continue;
      entropies[to] = spread;
      variances[to] = continuous / 2; // each adds half a squared normal variable
      for (let branch = 0, at = row * mask; branch < branches.length; at += branches[branch++]) {
        const entropy = categoricalEntropy(logProbs, at, branches[branch]);
        entropies[to] += entropy;
        variances[to] += varianceOfSurprise(logProbs, at, branches[branch], entropy);
      }
      surprises[to++] = -logProb[row];
    }
  }
  return { entropies, variances, surprises };
}

/** Σ p·(log p + H)² over the allowed choices. Unlike Σ p·(log p)² − H², rounding never makes it negative for nearly equal choices. */
function varianceOfSurprise(logProbs: Float32Array, at: number, size: number, entropy: number): number {
  let sum = 0;
  for (let i = at; i < at + size; i++)
    if (logProbs[i] > -Infinity) sum += Math.exp(logProbs[i]) * (logProbs[i] + entropy) ** 2;
  return sum;
}

/** Whether the targets can be explained: they, or the critic's estimates, vary by more than noise. */
function targetsDiffer(target: Float32Array, value: Float32Array): boolean {
  let mean = 0;
  for (let i = 0; i < target.length; i++) mean += target[i] / target.length;
  let variance = 0;
  let error = 0;
  for (let i = 0; i < target.length; i++) {
    variance += (target[i] - mean) ** 2 / target.length;
    error += (target[i] - value[i]) ** 2 / target.length;
  }
  return Math.sqrt(variance) > LEAST_TARGET_SPREAD * Math.max(Math.abs(mean), Math.sqrt(error));
}
