import { locateSensor } from '../../core/layout.ts';
import type { RunEvidence } from './evidence.ts';

/** Something that a run does in vain. */
export interface WatchRule {
  readonly name: string;
  /** What was seen and what to check; undefined if nothing is wrong, or it is too early to say. */
  readonly check: (evidence: RunEvidence, enough?: Enough) => string | undefined;
}

/** How much must have been seen before it is judged what a task is like. */
export interface Enough {
  /** once every agent could have ended an episode … */
  readonly decisions: number;
  /** … of which more than this are not waited for, however long episodes may be */
  readonly mostDecisions: number;
  readonly episodes: number;
  /** actions and masks */
  readonly samples: number;
}

/** Enough for a run, which goes on all the same. */
const FOR_A_RUN: Enough = { decisions: 30_000, mostDecisions: 300_000, episodes: 500, samples: 1000 };
/** Decisions after which a return should have risen. */
const LONG = 500_000;

const count = (value: number) => Math.round(value).toLocaleString('en-US');
const number = (value: number) => String(Number(value.toPrecision(3)));

function isKnown({ decisions, agents, maxDecisions }: RunEvidence, enough: Enough = FOR_A_RUN): boolean {
  return decisions >= Math.max(enough.decisions, Math.min(enough.mostDecisions, agents * maxDecisions));
}

/** Whether the mean return is no better than chance made it. */
function hasNotRisen({ resumed, lessons, alone, firstReturns, bestReturn }: RunEvidence): boolean {
  if (resumed || lessons || !alone || !firstReturns || bestReturn === null) return false;
  return bestReturn - firstReturns.mean < firstReturns.deviation / 4;
}

const neverRewarded: WatchRule = {
  name: 'never-rewarded',
  check(evidence, enough) {
    const { reward, decisions } = evidence;
    if (!isKnown(evidence, enough) || reward.least !== 0 || reward.most !== 0) return undefined;
    return `No agent has been rewarded in ${count(decisions)} decisions: every reward was 0, so there is nothing to learn from. Check that afterStep() calls addReward(). If random actions rarely reach the goal, add small rewards on the way, or begin with easier lessons.`;
  },
};

const sameReturn: WatchRule = {
  name: 'same-return',
  check(evidence, enough) {
    const { episodes, return: returns, reward, resumed } = evidence;
    if (resumed || !isKnown(evidence, enough) || episodes < 100) return undefined;
    if (reward.least === 0 && reward.most === 0) return undefined; // said by another rule
    if (returns.most - returns.least > 1e-6 * Math.max(1, Math.abs(returns.most))) return undefined;
    return `All ${count(episodes)} episodes so far returned exactly ${number(returns.most)}: nothing that an agent has done so far changed it. Either the rewarded event has not happened yet: make it easier to reach, by lessons or small rewards on the way. Or the reward does not depend on actions: check that it depends on what the actuators move, and that they move it.`;
  },
};

const flatReturn: WatchRule = {
  name: 'flat-return',
  check(evidence) {
    const { decisions, firstReturns, bestReturn } = evidence;
    if (decisions < LONG || !hasNotRisen(evidence) || !firstReturns?.deviation) return undefined;
    return `The mean return has not risen in ${count(decisions)} decisions: it was ${number(firstReturns.mean)} ± ${number(firstReturns.deviation)} in the first 100 episodes, and ${number(bestReturn as number)} in the best 100 since. Check that the agent observes what decides its reward, and that better actions are rewarded more (drive it yourself). Then try a higher entropyCoefficient or another learningRate.`;
  },
};

const collapsed: WatchRule = {
  name: 'collapsed',
  check(evidence) {
    const { entropy, layout } = evidence;
    if (!isKnown(evidence) || !hasNotRisen(evidence)) return undefined;
    const continuous = layout.actuators.reduce((sum, actuator) => sum + actuator.continuous, 0);
    const gone = continuous > 0 ? entropy.first - entropy.last > 2.5 * continuous : entropy.last < 0.05 * entropy.first;
    if (!gone) return undefined;
    return `The policy has almost stopped exploring (entropy ${number(entropy.last)} nats, ${number(entropy.first)} at first), and its return has not risen. It settled too early: raise entropyCoefficient (0.005 or 0.01), or lower learningRate.`;
  },
};

const blind: WatchRule = {
  name: 'blind',
  check(evidence, enough) {
    const { constant, decisions, layout, lessonsPending } = evidence;
    if (!isKnown(evidence, enough)) return undefined;
    let at = 0;
    const stuck = layout.sensors.filter(({ size }) => {
      at += size;
      return constant.subarray(at - size, at).every((flag) => flag === 1);
    });
    if (stuck.length === 0) return undefined;
    const names = stuck
      .map(({ name, size }) => `"${name}" (${size === 1 ? 'index 0' : `indices 0 to ${size - 1}`})`)
      .join(', ');
    const all = stuck.length === layout.sensors.length;
    if (lessonsPending && !all) return undefined; // it may read what the next lesson sets
    const what = all
      ? `Agents see nothing: every float they observed stayed the same in ${count(decisions)} decisions`
      : `${stuck.length === 1 ? 'Sensor' : 'Sensors'} ${names} never changed in ${count(decisions)} decisions`;
    const reads = stuck.length === 1 ? 'it reads' : 'they read';
    return `${what}. Check that ${reads} what moves, and that tags, targets and ranges are right. If ${reads} a parameter that lessons or samplers will set, all is well.`;
  },
};

const oneChoice: WatchRule = {
  name: 'one-choice',
  check({ mostAllowed, sampled, layout }, enough = FOR_A_RUN) {
    if (sampled < enough.samples) return undefined;
    const stuck = layout.actuators
      .flatMap(({ name, branches }) => branches.map((size, branch) => ({ name, size, branch })))
      .find(({ size }, i) => size > 1 && mostAllowed[i] === 1);
    if (!stuck) return undefined;
    const { name, size, branch } = stuck;
    return `The mask of actuator "${name}" left one choice of ${size} in branch ${branch} in every decision sampled (${count(sampled)}): there is nothing to decide. Check what mask() writes: 1 is allowed, 0 is not.`;
  },
};

const saturated: WatchRule = {
  name: 'saturated',
  check(evidence) {
    const { sampled, updates, layout } = evidence;
    if (sampled < FOR_A_RUN.samples || updates < 20) return undefined;
    const owners = layout.actuators.flatMap(({ name, continuous }) =>
      Array.from({ length: continuous }, (_, i) => ({ name, i })),
    );
    const at = owners.findIndex((_, i) => evidence.saturated[i] > 0.99);
    if (at < 0) return undefined;
    const { name, i } = owners[at];
    return `Continuous action ${i} of actuator "${name}" was at −1 or 1 in ${(100 * evidence.saturated[at]).toFixed(1)} % of decisions: the policy pushes against its bounds. Give the actuator more strength or range, or lower learningRate or initialLogDeviation.`;
  },
};

const momentaryEpisodes: WatchRule = {
  name: 'momentary-episodes',
  check({ episodes, length, maxDecisions }, enough = FOR_A_RUN) {
    if (episodes < enough.episodes || length.most > 1 || maxDecisions === 1) return undefined;
    return `All ${count(episodes)} episodes ended after one decision. Check what afterStep() tests before terminate(): it may be true already when an episode begins. If the task is one decision long, set maxDecisions: 1.`;
  },
};

const endlessEpisodes: WatchRule = {
  name: 'endless-episodes',
  check({ episodes, decisions, agents, maxDecisions }) {
    const each = decisions / agents;
    if (episodes > 0 || each < 2000 || maxDecisions <= 2000 || decisions < FOR_A_RUN.decisions) return undefined;
    return `No episode has ended in ${count(decisions)} decisions, ${count(each)} of each agent, so there is no mean return. If episodes have an end, check that afterStep() calls terminate(). If the task has none, lower maxDecisions (${count(maxDecisions)}) to what shows how well an agent does, such as 1,000: the episode is then truncated, and what would have come after still counts.`;
  },
};

const unexplained: WatchRule = {
  name: 'unexplained',
  check(evidence) {
    const { streaks, reward } = evidence;
    if (streaks.unexplained < 100 || !isKnown(evidence) || (reward.least === 0 && reward.most === 0)) return undefined;
    return `The value function has explained none of the returns for ${streaks.unexplained} updates (explained variance 0.01 or less). Check that the agent observes what decides its reward; if rewards come late, lower discount or lambda.`;
  },
};

const violent: WatchRule = {
  name: 'violent',
  check({ streaks, approximateKl, settings }) {
    if (streaks.violent < 5 || settings.mirrors.length > 0) return undefined;
    return `Updates change the policy far too much: the KL divergence was above 1 nat in ${streaks.violent} updates in a row (${number(approximateKl)} in the last; 0.003 to 0.03 is usual). Lower learningRate or epochs, or set learningRateSchedule to "adaptive".`;
  },
};

const clipped: WatchRule = {
  name: 'clipped',
  check({ streaks, clipFraction, settings }) {
    if (streaks.clipped < 5 || settings.mirrors.length > 0) return undefined;
    return `Almost all samples are clipped (clip fraction ${number(clipFraction)}, above 0.75 in ${streaks.clipped} updates in a row; up to 0.3 is usual), so most of each rollout is not learned from. Lower learningRate or epochs; if you changed clip, raise it.`;
  },
};

const cutOff: WatchRule = {
  name: 'cut-off',
  check({ settings, observed, layout, sampled }, enough = FOR_A_RUN) {
    const { normalizeObservation, observationClip } = settings;
    if (sampled < enough.samples) return undefined;
    if (normalizeObservation) {
      if (observationClip >= 1) return undefined;
      return `observationClip is ${observationClip}: normalized observations are mostly between −2 and 2, and are cut to ±${observationClip}. Set it to 5 or 10.`;
    }
    for (let i = 0; i < observed.mean.length; i++) {
      if (Math.abs(observed.mean[i]) - observed.deviation[i] <= observationClip) continue;
      const { name, index } = locateSensor(layout, i);
      return `Sensor "${name}" writes about ${number(observed.mean[i])} at index ${index}, and the policy sees ±${observationClip} at most (observationClip). Set normalizeObservation to true, or scale what the sensor writes to about −1 to 1.`;
    }
    return undefined;
  },
};

/** Floats of 32 bits have steps of 0.06 there: what moves less is not seen. */
const HUGE = 1e6;

const huge: WatchRule = {
  name: 'huge',
  check({ observed, layout, sampled }, enough = FOR_A_RUN) {
    if (sampled < enough.samples) return undefined;
    const at = Array.from(observed.mean).findIndex((mean, i) => Math.abs(mean) + observed.deviation[i] > HUGE);
    if (at < 0) return undefined;
    const { name, index } = locateSensor(layout, at);
    return `Sensor "${name}" writes about ${number(observed.mean[at])} ± ${number(observed.deviation[at])} at index ${index}: floats so large have steps of 0.06 and more. Check whether it runs away (a body that flies off, a sum that is never reset), or scale what it writes to about −1 to 1.`;
  },
};

/** What a run is watched for, the more telling first. */
export const RULES: readonly WatchRule[] = [
  neverRewarded,
  sameReturn,
  flatReturn,
  collapsed,
  blind,
  oneChoice,
  saturated,
  momentaryEpisodes,
  endlessEpisodes,
  unexplained,
  violent,
  clipped,
  cutOff,
  huge,
];
