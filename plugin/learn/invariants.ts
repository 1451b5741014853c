import { measureLayout } from '../core/layout.ts';
import type { Rollout } from '../core/rollout.ts';
import { categoricalEntropy } from '../policy/categorical.ts';
import { gaussianEntropy } from '../policy/gaussian.ts';
import type { PolicySpec } from '../policy/policy.ts';
import { REPORT, stepsPerEpoch, type TrainingJob, type TrainingOutcome } from './engine.ts';
import type { UpdateRequest } from './learner.ts';
import { countActive } from './samples.ts';

/** What holds of every sound update, whatever the task. */
export type InvariantName = 'ratio' | 'entropy' | 'sampling' | 'estimators' | 'explained-variance';

/** An invariant that an update violated. */
export interface Violation {
  readonly invariant: InvariantName;
  /** what was found, what it means and the usual cause */
  readonly message: string;
}

/** All that is known of an update when its gradient steps are done. */
export interface UpdateEvidence {
  readonly spec: PolicySpec;
  readonly request: UpdateRequest;
  readonly job: TrainingJob;
  readonly outcome: TrainingOutcome;
  /** of the values before the update, see explainedVariance() */
  readonly explainedVariance: number;
}

/** Root mean square of log ρ before the first step: float32's rounding stays below a tenth of this. */
const MOST_LOG_RATIO = 1e-3;
/** Share of H, or nats where H is small, by which two computations of one entropy may differ. */
const ENTROPY_TOLERANCE = 1e-3;
/** log 2/p of the chance p = 10⁻⁹ that an average strays as far from what it estimates as is still let pass. */
const UNLIKELY = Math.log(2e9);
/** Updates between two looks at every sample's distribution, once the first few were looked at. */
const LOOK_EVERY = 10;
/** Nats between which estimates of the divergence are compared: below is rounding, above they may differ. */
const NEAR_ZERO = [1e-4, 0.02] as const;
/** By how much k2 and k3 may then differ: for log ρ ~ N(−k, 2k) it is a few per cent. */
const MOST_ESTIMATOR_RATIO = 2;
const LEAST_EXPLAINED_VARIANCE = -1;
/** Updates in a row that a critic may be worse than that. */
const PATIENCE = 20;
/** Where targets differ less than this share of their size, what is left to explain is noise. */
const LEAST_TARGET_SPREAD = 0.1;

/** Watches a learner's updates for what a sound one cannot do. Each invariant is told of once. */
export class InvariantWatch {
  readonly #told = new Set<InvariantName>();
  #unexplained = 0;

  /** What this update violates that none before it did. */
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
      message: `The critic has been worse than a constant for ${PATIENCE} updates (explained variance ${explainedVariance.toFixed(2)}): advantages are mostly its noise. Usual causes: the learning rate or valueCoefficient is too high, rewards jump in scale (leave normalizeValue on), or the observation does not tell what the return depends on.`,
    };
  }
}

/** ρ is 1 for every sample before the first gradient step: the learner must give actions the probability that they were drawn with. */
function checkRatio({ outcome }: UpdateEvidence): Violation | undefined {
  const deviation = Math.sqrt(2 * reportOf(outcome.first, 'k2'));
  if (deviation <= MOST_LOG_RATIO) return undefined;
  return {
    invariant: 'ratio',
    message: `Before the first gradient step the ratio π/π_old differs from 1 (log ρ by ${deviation.toPrecision(2)}, root mean square): the learner sees another policy, action or observation than the one that acted. Usual causes: observations normalized differently, actions changed after they were drawn, or masks that differ.`,
  };
}

/** The entropy that the first gradient step reports is the closed form's, by the distributions that the workers recorded. */
function checkEntropy({ job, outcome }: UpdateEvidence, { entropies }: Surprise): Violation | undefined {
  const [order] = job.orders;
  let expected = 0;
  for (let i = 0; i < job.minibatch; i++) expected += entropies[order[i % order.length]] / job.minibatch;
  const found = reportOf(outcome.first, 'entropy');
  if (Math.abs(found - expected) <= ENTROPY_TOLERANCE * Math.max(1, Math.abs(expected))) return undefined;
  return {
    invariant: 'entropy',
    message: `The learner takes the policy's entropy for ${found.toPrecision(4)} nats, and by its closed form it is ${expected.toPrecision(4)}: the entropy bonus pushes in a wrong direction. Usual causes: masked choices counted, or branches and actions summed differently.`,
  };
}

/**
 * The mean of −log π(a|s) over drawn actions estimates the mean entropy of the distributions that they were drawn from, within
 * Bernstein's bound √(2·v·L/S) + b·L/3S of S samples with variance v and greatest difference b.
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
    message: `Actions are ${mean > 0 ? 'less' : 'more'} likely than if they had been drawn from the policy: −log π is ${Math.abs(mean).toPrecision(2)} nats from the entropy on average, and chance explains ${bound.toPrecision(2)}. Usual causes: actions changed after they were drawn, or one stream of chance used twice.`,
  };
}

/** Two estimates of one divergence, k2 and k3, agree where it is small. */
function checkEstimators({ outcome, job }: UpdateEvidence): Violation | undefined {
  const steps = stepsPerEpoch(job);
  const last = outcome.totals.subarray((job.orders.length - 1) * REPORT.length);
  const [k2, k3] = [reportOf(last, 'k2') / steps, reportOf(last, 'approximateKl') / steps];
  const [least, most] = NEAR_ZERO;
  if (Math.max(k2, k3) < least || k3 > most) return undefined;
  if (k2 <= MOST_ESTIMATOR_RATIO * k3 && k3 <= MOST_ESTIMATOR_RATIO * k2) return undefined;
  return {
    invariant: 'estimators',
    message: `Two estimates of one small KL divergence disagree (k2 ${k2.toPrecision(2)}, k3 ${k3.toPrecision(2)} nats): a few samples' ratios are far from 1 while most stand still. Usual causes: an action whose log σ has become very small, a wrong log-probability in a few rows, or a learning rate that is too high.`,
  };
}

function reportOf(report: Float32Array, name: (typeof REPORT)[number]): number {
  return report[REPORT.indexOf(name)];
}

/** Of every active entry of some rollouts, in the order of the samples. */
interface Surprise {
  /** [S] H(π_old(·|s)) by its closed form, the expectation of −log π_old(a|s) */
  readonly entropies: Float64Array;
  /** [S] the variance of the same */
  readonly variances: Float64Array;
  /** [S] what it was for the action that was drawn */
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
      variances[to] = continuous / 2; // half a squared normal variable for each
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

/** Σ p·(log p + H)² over the allowed choices: unlike Σ p·(log p)² − H², rounding never takes it below 0 where choices are about as likely. */
function varianceOfSurprise(logProbs: Float32Array, at: number, size: number, entropy: number): number {
  let sum = 0;
  for (let i = at; i < at + size; i++)
    if (logProbs[i] > -Infinity) sum += Math.exp(logProbs[i]) * (logProbs[i] + entropy) ** 2;
  return sum;
}

/** Whether there is something to explain in the targets: they, or what the critic takes them for, spread by more than noise. */
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
