import { AgentsError } from '../core/errors.ts';
import { describeLayout, type LayoutSizes, measureLayout, sameLayout } from '../core/layout.ts';
import type { Rollout } from '../core/rollout.ts';
import type { PolicySpec } from '../policy/policy.ts';
import type { Mirror, SignedOrder } from './mirror.ts';

/** Columns of S samples, row-major: what a gradient step needs from each. */
export interface Samples {
  /** S */
  readonly count: number;
  /** [S, O] normalized and clipped as in the policy */
  readonly observation: Float32Array;
  /** [S, C] raw */
  readonly continuousAction: Float32Array;
  /** [S, M] 1 for each branch's choice */
  readonly choice: Float32Array;
  /** [S, M] 1 = allowed */
  readonly mask: Float32Array;
  /** [S] log π_old(a|s) */
  readonly logProb: Float32Array;
  /** [S, C] μ of π_old; empty, like the next two, if no objective needs distributions */
  readonly oldMean: Float32Array;
  /** [S, C] log σ of π_old */
  readonly oldLogDeviation: Float32Array;
  /** [S, M] log-probabilities of π_old, MASKED for masked choices */
  readonly oldLogProbs: Float32Array;
  /** [S] Â, in units of reward */
  readonly advantage: Float32Array;
  /** [S] V_old(s) */
  readonly value: Float32Array;
  /** [S] V_targ = Â + V_old(s) */
  readonly target: Float32Array;
}

/** Represents −∞ as a log-probability: its exponential is 0 in float32, and 0 times it is 0. */
export const MASKED = -1e9;

/** Allocates the columns of `count` samples; those of π_old's distributions only on request. */
export function createSamples(sizes: LayoutSizes, count: number, distributions = false): Samples {
  const column = (width: number) => new Float32Array(count * width);
  return {
    count,
    observation: column(sizes.observation),
    continuousAction: column(sizes.continuous),
    choice: column(sizes.mask),
    mask: column(sizes.mask),
    logProb: column(1),
    oldMean: column(distributions ? sizes.continuous : 0),
    oldLogDeviation: column(distributions ? sizes.continuous : 0),
    oldLogProbs: column(distributions ? sizes.mask : 0),
    advantage: column(1),
    value: column(1),
    target: column(1),
  };
}

/** Number of rollout entries in which an agent decided. */
export function countActive(rollouts: readonly Rollout[]): number {
  let count = 0;
  for (const { active } of rollouts) for (let i = 0; i < active.length; i++) count += active[i];
  return count;
}

/**
 * Gathers the active entries of all rollouts, in each mirror; values and targets stay in units of reward. A mirror image has
 * the log-probabilities, values and advantages of its original (Mittal et al. 2024), which are exact if policy and critic
 * are symmetric.
 *
 * @param weights [P] of the policy that normalizes the observations
 * @param out     columns of countActive(rollouts) samples per mirror
 */
export function gatherSamples(
  spec: PolicySpec,
  weights: Float32Array,
  rollouts: readonly Rollout[],
  mirrors: readonly Mirror[],
  out: Samples,
): void {
  const sizes = measureLayout(spec.layout);
  let to = 0;
  for (const mirror of mirrors) {
    for (const rollout of rollouts) {
      for (let from = 0; from < rollout.active.length; from++) {
        if (rollout.active[from] === 0) continue;
        normalize(weights, spec.observationClip, mirror.observation, rollout.observation, from, out.observation, to);
        copyActions(sizes, mirror, rollout, from, out, to);
        copyDistributions(mirror, rollout, from, out, to);
        out.logProb[to] = rollout.logProb[from];
        out.advantage[to] = rollout.advantage[from];
        out.value[to] = rollout.value[from];
        out.target[to] = rollout.advantage[from] + rollout.value[from];
        to++;
      }
    }
  }
}

/** clip((s − mean) / deviation) of one row, with Policy's arithmetic, so that both see the same floats. */
function normalize(
  weights: Float32Array,
  observationClip: number,
  { from: order, sign }: SignedOrder,
  observation: Float32Array,
  from: number,
  out: Float32Array,
  to: number,
): void {
  const size = order.length;
  for (let i = 0; i < size; i++) {
    const x = (sign[i] * observation[from * size + order[i]] - weights[i]) / weights[size + i];
    out[to * size + i] = Math.max(-observationClip, Math.min(observationClip, x));
  }
}

function copyActions(
  { branches, mask }: LayoutSizes,
  { continuous, choiceTo }: Mirror,
  rollout: Rollout,
  from: number,
  out: Samples,
  to: number,
): void {
  copySigned(rollout.continuousAction, from, out.continuousAction, to, continuous);
  for (let i = 0; i < mask; i++) out.mask[to * mask + choiceTo[i]] = rollout.mask[from * mask + i];
  out.choice.fill(0, to * mask, (to + 1) * mask);
  for (let branch = 0, at = 0; branch < branches.length; branch++) {
    const choice = rollout.discreteAction[from * branches.length + branch];
    out.choice[to * mask + choiceTo[at + choice]] = 1;
    at += branches[branch];
  }
}

/** π_old of one row, if `out` has columns for it. */
function copyDistributions(
  { continuous, choiceTo }: Mirror,
  { mean, logDeviation, logProbs }: Rollout,
  from: number,
  { oldMean, oldLogDeviation, oldLogProbs }: Samples,
  to: number,
): void {
  const [width, mask] = [continuous.from.length, choiceTo.length];
  if (oldMean.length > 0) {
    copySigned(mean, from, oldMean, to, continuous);
    for (let i = 0; i < width; i++) oldLogDeviation[to * width + i] = logDeviation[continuous.from[i]];
  }
  if (oldLogProbs.length > 0)
    for (let i = 0; i < mask; i++) oldLogProbs[to * mask + choiceTo[i]] = Math.max(MASKED, logProbs[from * mask + i]);
}

function copySigned(
  source: Float32Array,
  from: number,
  out: Float32Array,
  to: number,
  { from: order, sign }: SignedOrder,
): void {
  const width = order.length;
  for (let i = 0; i < width; i++) out[to * width + i] = sign[i] * source[from * width + order[i]];
}

/**
 * Copies samples order[from], order[from + 1], … into `out`, wrapping around to the start of `order`. On the host, because
 * tf.gather and tf.split take 1.6 µs per sample on wasm, a quarter of a gradient step.
 */
export function gatherMinibatch(
  sizes: LayoutSizes,
  samples: Samples,
  order: Int32Array,
  from: number,
  out: Samples,
): void {
  for (let to = 0; to < out.count; to++) {
    const row = order[(from + to) % order.length];
    copyRow(samples.observation, row, out.observation, to, sizes.observation);
    copyRow(samples.continuousAction, row, out.continuousAction, to, sizes.continuous);
    copyRow(samples.choice, row, out.choice, to, sizes.mask);
    copyRow(samples.mask, row, out.mask, to, sizes.mask);
    out.logProb[to] = samples.logProb[row];
    if (out.oldMean.length > 0) {
      copyRow(samples.oldMean, row, out.oldMean, to, sizes.continuous);
      copyRow(samples.oldLogDeviation, row, out.oldLogDeviation, to, sizes.continuous);
    }
    if (out.oldLogProbs.length > 0) copyRow(samples.oldLogProbs, row, out.oldLogProbs, to, sizes.mask);
    out.advantage[to] = samples.advantage[row];
    out.value[to] = samples.value[row];
    out.target[to] = samples.target[row];
  }
}

function copyRow(source: Float32Array, from: number, out: Float32Array, to: number, width: number): void {
  for (let i = 0; i < width; i++) out[to * width + i] = source[from * width + i];
}

/** Shifts to mean 0 and scales to deviation 1 in place: (x − mean) / (deviation + 1e-8), with the deviation over the count. */
export function standardise(values: Float32Array): void {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += values[i] / values.length;
  let variance = 0;
  for (let i = 0; i < values.length; i++) variance += (values[i] - mean) ** 2 / values.length;
  const scale = 1 / (Math.sqrt(variance) + 1e-8);
  for (let i = 0; i < values.length; i++) values[i] = (values[i] - mean) * scale;
}

/** 1 − Var(V_targ − V) / Var(V_targ); 0 if all targets are equal. */
export function explainedVariance({ target, value }: Pick<Samples, 'target' | 'value'>): number {
  const variance = varianceOf(target.length, (i) => target[i]);
  return variance === 0 ? 0 : 1 - varianceOf(target.length, (i) => target[i] - value[i]) / variance;
}

function varianceOf(count: number, at: (index: number) => number): number {
  let mean = 0;
  for (let i = 0; i < count; i++) mean += at(i) / count;
  let variance = 0;
  for (let i = 0; i < count; i++) variance += (at(i) - mean) ** 2 / count;
  return variance;
}

/** Throws if rollouts are not from agents that `spec` drives, or if one lacks entries. */
export function requireRollouts(spec: PolicySpec, rollouts: readonly Rollout[]): void {
  if (rollouts.length === 0)
    throw new AgentsError(`Learner of "${spec.name}" got no rollouts. Collect at least one per update.`);
  const { observation, continuous, branches, mask } = measureLayout(spec.layout);
  const widths = {
    observation,
    continuousAction: continuous,
    discreteAction: branches.length,
    mask,
    logProb: 1,
    mean: continuous,
    logProbs: mask,
    value: 1,
    active: 1,
    advantage: 1,
  };
  rollouts.forEach(({ shape, ...columns }, i) => {
    if (!sameLayout(shape.layout, spec.layout)) {
      throw new AgentsError(
        `Rollout ${i} for policy "${spec.name}" ${describeLayout(shape.layout)}, but the policy ${describeLayout(spec.layout)}. Collect it with the policy being trained.`,
      );
    }
    for (const [name, width] of Object.entries(widths)) {
      const length = columns[name as keyof typeof widths].length;
      const expected = shape.horizon * shape.agents * width;
      if (length !== expected) {
        throw new AgentsError(
          `Column ${name} of rollout ${i} has ${length} entries, but ${shape.horizon} decisions of ${shape.agents} agents need ${expected}. Allocate it with createRollout().`,
        );
      }
    }
  });
}
