import { type LayoutSizes, measureLayout } from '../../core/layout.ts';
import type { Rollout } from '../../core/rollout.ts';
import { type Moments, RunningStatistics } from '../../core/running-statistics.ts';
import type { UpdateStatistics } from '../../learn/learner.ts';
import { RETURN_WINDOW } from '../progress.ts';
import type { CollectedPolicy } from '../worker-protocol.ts';
import { extend, NO_EXTREMES, type RunEvidence, type WatchedPolicy } from './evidence.ts';
import { tallyRewards } from './reward-tally.ts';

/** Differences below this share of a float's size (or of 1, if it is smaller) are taken for rounding. */
const ROUNDING = 1e-6;
/** How much of the share of saturated actions comes from before each update: about 20 updates' worth is remembered. */
const MEMORY = 0.95;
/** An explained variance up to this is none. */
const NO_EXPLANATION = 0.01;
/** A KL divergence in nats, and a share of clipped samples, that no sound update comes near. */
const VIOLENT = 1;
const MOST_CLIPPED = 0.75;

/** Gathers the evidence of one policy; costs microseconds an update. */
export class EvidenceCollector {
  readonly #sizes: LayoutSizes;
  readonly #returns: number[] = [];
  /** [O] of each float in the first rollouts */
  #firstMean: Float64Array | undefined;
  #evidence: RunEvidence;

  constructor(policy: WatchedPolicy) {
    this.#sizes = measureLayout(policy.layout);
    const { observation, branches, continuous } = this.#sizes;
    this.#evidence = {
      ...policy,
      lessonsPending: false,
      updates: 0,
      decisions: 0,
      reward: NO_EXTREMES,
      spike: undefined,
      episodes: 0,
      return: NO_EXTREMES,
      length: NO_EXTREMES,
      firstReturns: null,
      bestReturn: null,
      constant: new Uint8Array(observation).fill(1),
      observed: { mean: new Float64Array(observation), deviation: new Float64Array(observation) },
      sampled: 0,
      mostAllowed: new Int32Array(branches.length),
      saturated: new Float64Array(continuous),
      entropy: { first: Number.NaN, last: Number.NaN },
      approximateKl: 0,
      clipFraction: 0,
      streaks: { unexplained: 0, violent: 0, clipped: 0 },
    };
  }

  /** What was gathered so far. */
  get evidence(): RunEvidence {
    return this.#evidence;
  }

  /** Takes in an update's rollouts, one of each worker, before they are handed to the learner. */
  addRollouts(collected: readonly CollectedPolicy[]): void {
    const rollouts = collected.map(({ rollout }) => rollout);
    const { spike, ...reward } = tallyRewards(rollouts);
    const decisions = collected.reduce((sum, policy) => sum + policy.decisions, 0);
    this.#evidence = {
      ...this.#evidence,
      decisions: this.#evidence.decisions + decisions,
      reward: extend(this.#evidence.reward, reward),
      spike: this.#evidence.spike ?? spike,
    };
    this.#addEpisodes(collected);
    this.#addObservations(collected.map(({ observation }) => observation));
    for (const rollout of rollouts) this.#sampleActions(rollout, this.#evidence.updates % rollout.shape.horizon);
  }

  /** Takes in what the learner made of them. */
  addUpdate({ entropy, approximateKl, clipFraction, explainedVariance }: UpdateStatistics): RunEvidence {
    const { updates, streaks } = this.#evidence;
    const first = updates === 0 ? entropy : this.#evidence.entropy.first;
    this.#evidence = {
      ...this.#evidence,
      updates: updates + 1,
      entropy: { first, last: entropy },
      approximateKl,
      clipFraction,
      streaks: {
        unexplained: explainedVariance <= NO_EXPLANATION ? streaks.unexplained + 1 : 0,
        violent: approximateKl > VIOLENT ? streaks.violent + 1 : 0,
        clipped: clipFraction > MOST_CLIPPED ? streaks.clipped + 1 : 0,
      },
    };
    return this.#evidence;
  }

  #addEpisodes(collected: readonly CollectedPolicy[]): void {
    const before = this.#evidence.episodes;
    let { episodes, return: returns, length: lengths } = this.#evidence;
    for (const policy of collected) {
      for (const { return: sum, length } of policy.episodes) {
        episodes++;
        returns = extend(returns, { least: sum, most: sum });
        lengths = extend(lengths, { least: length, most: length });
        this.#returns.push(sum);
      }
    }
    if (episodes === before) return;
    this.#evidence = { ...this.#evidence, episodes, return: returns, length: lengths };
    this.#judgeReturns();
  }

  #judgeReturns(): void {
    let { firstReturns, bestReturn } = this.#evidence;
    if (!firstReturns && this.#returns.length >= RETURN_WINDOW) {
      const first = new RunningStatistics(1);
      for (let i = 0; i < RETURN_WINDOW; i++) first.add(this.#returns, i);
      firstReturns = { mean: first.mean(0), deviation: first.deviation(0) };
      this.#returns.splice(0, RETURN_WINDOW);
    }
    if (firstReturns && this.#returns.length >= RETURN_WINDOW) {
      this.#returns.splice(0, this.#returns.length - RETURN_WINDOW);
      const mean = this.#returns.reduce((sum, value) => sum + value, 0) / RETURN_WINDOW;
      bestReturn = Math.max(bestReturn ?? -Infinity, mean);
    }
    this.#evidence = { ...this.#evidence, firstReturns, bestReturn };
  }

  #addObservations(moments: readonly Moments[]): void {
    const seen = moments.filter(({ count }) => count > 0);
    if (seen.length === 0) return;
    this.#firstMean ??= seen[0].mean.slice();
    const { constant } = this.#evidence;
    const all = new RunningStatistics(constant.length);
    for (const news of seen) all.merge(news);
    const { count, mean, squares } = all.moments();
    const deviation = squares.map((square) => Math.sqrt(square / count));
    for (let i = 0; i < constant.length; i++) {
      const most = ROUNDING * Math.max(1, Math.abs(mean[i]));
      if (deviation[i] > most || Math.abs(mean[i] - this.#firstMean[i]) > most) constant[i] = 0;
    }
    this.#evidence = { ...this.#evidence, observed: { mean, deviation } };
  }

  /** Looks at the masks and actions of one decision of every agent. */
  #sampleActions({ shape, active, mask, continuousAction }: Rollout, t: number): void {
    const { continuous, branches, mask: choices } = this.#sizes;
    const { mostAllowed } = this.#evidence;
    const beyond = new Float64Array(continuous);
    let sampled = 0;
    for (let row = t * shape.agents; row < (t + 1) * shape.agents; row++) {
      if (active[row] === 0) continue;
      sampled++;
      for (let i = 0; i < continuous; i++) if (Math.abs(continuousAction[row * continuous + i]) >= 1) beyond[i]++;
      for (let branch = 0, at = row * choices; branch < branches.length; at += branches[branch++]) {
        let allowed = 0;
        for (let i = at; i < at + branches[branch]; i++) allowed += mask[i];
        mostAllowed[branch] = Math.max(mostAllowed[branch], allowed);
      }
    }
    if (sampled === 0) return;
    const { saturated } = this.#evidence;
    const before = this.#evidence.sampled === 0 ? 0 : MEMORY;
    const share = Float64Array.from(beyond, (count, i) => before * saturated[i] + (1 - before) * (count / sampled));
    this.#evidence = { ...this.#evidence, saturated: share, sampled: this.#evidence.sampled + sampled };
  }
}
