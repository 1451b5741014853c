import { describe, expect, it } from 'vitest';
import { NO_EXTREMES, type RunEvidence } from '../../../plugin/train/watch/evidence.ts';
import { RULES } from '../../../plugin/train/watch/rules.ts';

/** A run in which all is well: 64 agents, episodes of up to 100 decisions, 40 000 decisions. */
const SOUND: RunEvidence = {
  name: 'agent',
  layout: {
    sensors: [
      { name: 'place', size: 2 },
      { name: 'tag', size: 1 },
    ],
    actuators: [
      { name: 'motor', continuous: 2, branches: [] },
      { name: 'jump', continuous: 0, branches: [2, 3] },
    ],
  },
  settings: { normalizeObservation: true, observationClip: 10, mirrors: [] },
  agents: 64,
  maxDecisions: 100,
  resumed: false,
  lessons: false,
  alone: true,
  lessonsPending: false,
  updates: 50,
  decisions: 40_000,
  reward: { least: -1, most: 1 },
  spike: undefined,
  episodes: 1200,
  return: { least: -3, most: 9 },
  length: { least: 1, most: 100 },
  firstReturns: { mean: 1, deviation: 2 },
  bestReturn: 5,
  constant: Uint8Array.of(0, 1, 0),
  observed: { mean: [0, 3, 0.5], deviation: [1, 0, 0.5] },
  sampled: 3000,
  mostAllowed: Int32Array.of(2, 3),
  saturated: [0.3, 0.1],
  entropy: { first: 3, last: 2.5 },
  approximateKl: 0.01,
  clipFraction: 0.1,
  streaks: { unexplained: 0, violent: 0, clipped: 0 },
};
const ZERO = { least: 0, most: 0 };
const FLAT = { bestReturn: 1.2, decisions: 600_000 };

function toldOf(evidence: Partial<RunEvidence>): Record<string, string> {
  const told: Record<string, string> = {};
  for (const { name, check } of RULES) {
    const message = check({ ...SOUND, ...evidence });
    if (message) told[name] = message;
  }
  return told;
}

describe('RULES', () => {
  it.each([
    ['all is well', {}],
    ['rewards are 0, but agents could not end an episode yet', { reward: ZERO, maxDecisions: 1000 }],
    ['rewards are 0, but it is early', { reward: ZERO, decisions: 29_000 }],
    [
      'every decision earns the same, as of a pole that stands, and episodes differ in length',
      { reward: { least: 1, most: 1 } },
    ],
    [
      'all returns are the same, because an earlier session solved the task',
      { return: { least: 9, most: 9 }, resumed: true },
    ],
    ['the return is flat, and the task becomes harder', { ...FLAT, lessons: true }],
    ['the return is flat, as what one agent wins another loses', { ...FLAT, alone: false }],
    ['the return is flat, but not for long', { ...FLAT, decisions: 400_000 }],
    ['entropy is gone, and the task solved', { entropy: { first: 3, last: -8 } }],
    ['some floats of a sensor never change', { constant: Uint8Array.of(0, 1, 0) }],
    [
      'a sensor never changed, and may read what the next lesson sets',
      { constant: Uint8Array.of(0, 0, 1), lessonsPending: true },
    ],
    ['masks leave one choice in some decisions', { mostAllowed: Int32Array.of(2, 2) }],
    ['an action is often at its bounds', { saturated: [0.95, 0.9] }],
    ['episodes are as short as they may be', { length: { least: 1, most: 1 }, maxDecisions: 1 }],
    ['no episode has ended yet, and none could', { episodes: 0, length: NO_EXTREMES, maxDecisions: 5000 }],
    [
      'mirrors begin with ratios of any size',
      { streaks: { unexplained: 0, violent: 9, clipped: 9 }, settings: { ...SOUND.settings, mirrors: [{}] } },
    ],
  ] as const)('say nothing where %s', (_, evidence) => {
    expect(toldOf(evidence)).toEqual({});
  });

  it.each([
    ['never-rewarded', { reward: ZERO, return: ZERO }, 'No agent has been rewarded in 40,000 decisions'],
    [
      'same-return',
      { return: { least: 9, most: 9 } },
      'All 1,200 episodes so far returned exactly 9: nothing that an agent has done so far changed it.',
    ],
    [
      'flat-return',
      FLAT,
      'has not risen in 600,000 decisions: it was 1 ± 2 in the first 100 episodes, and 1.2 in the best',
    ],
    ['collapsed', { bestReturn: 1.2, entropy: { first: 3, last: -2.5 } }, 'entropy -2.5 nats, 3 at first'],
    ['blind', { constant: Uint8Array.of(0, 0, 1) }, 'Sensor "tag" (index 0) never changed in 40,000 decisions'],
    ['blind', { constant: Uint8Array.of(1, 1, 0) }, 'Sensor "place" (indices 0 to 1) never changed'],
    ['blind', { constant: Uint8Array.of(1, 1, 1) }, 'Agents see nothing'],
    ['blind', { constant: Uint8Array.of(1, 1, 1), lessonsPending: true }, 'Agents see nothing'],
    ['one-choice', { mostAllowed: Int32Array.of(2, 1) }, 'actuator "jump" left one choice of 3 in branch 1'],
    ['saturated', { saturated: [0.2, 0.995] }, 'Continuous action 1 of actuator "motor" was at −1 or 1 in 99.5 %'],
    ['momentary-episodes', { length: { least: 1, most: 1 } }, 'All 1,200 episodes ended after one decision'],
    [
      'endless-episodes',
      { episodes: 0, length: NO_EXTREMES, maxDecisions: 1e6, decisions: 192_000 },
      '192,000 decisions, 3,000 of each agent',
    ],
    ['unexplained', { streaks: { unexplained: 100, violent: 0, clipped: 0 } }, 'none of the returns for 100 updates'],
    ['violent', { approximateKl: 3, streaks: { unexplained: 0, violent: 5, clipped: 0 } }, '(3 in the last;'],
    ['clipped', { clipFraction: 0.9, streaks: { unexplained: 0, violent: 0, clipped: 5 } }, 'clip fraction 0.9'],
    ['cut-off', { settings: { ...SOUND.settings, observationClip: 0.5 } }, 'observationClip is 0.5'],
    [
      'cut-off',
      {
        settings: { ...SOUND.settings, normalizeObservation: false },
        observed: { mean: [0, 0, 90], deviation: [1, 1, 5] },
      },
      'Sensor "tag" writes about 90 at index 0',
    ],
    [
      'huge',
      { observed: { mean: [0, 4e6, 0], deviation: [1, 2e6, 1] } },
      'Sensor "place" writes about 4000000 ± 2000000 at index 1',
    ],
  ] as const)('%s says what was seen, alone', (name, evidence, words) => {
    const told = toldOf(evidence);
    expect(Object.keys(told)).toEqual([name]);
    expect(told[name]).toContain(words);
    expect(told[name]).toMatch(/\. [A-Z].*\.$/); // what is wrong, then what to do
  });

  it.each([
    [
      'a rewarded event that has not happened yet',
      { reward: { least: -0.01, most: -0.01 }, return: { least: -0.5, most: -0.5 } },
      'Either the rewarded event has not happened yet: make it easier to reach, by lessons or small rewards on the way. Or the reward does not depend on actions:',
    ],
    [
      'a parameter that nothing has set yet',
      { constant: Uint8Array.of(0, 0, 1) },
      'If it reads a parameter that lessons or samplers will set, all is well.',
    ],
    [
      'a task of one decision',
      { length: { least: 1, most: 1 } },
      'If the task is one decision long, set maxDecisions: 1.',
    ],
    [
      'a task without an end',
      { episodes: 0, length: NO_EXTREMES, maxDecisions: 1e6, decisions: 192_000 },
      'If the task has none, lower maxDecisions (1,000,000)',
    ],
  ] as const)('allow for %s', (_, evidence, words) => {
    expect(Object.values(toldOf(evidence))).toEqual([expect.stringContaining(words)]);
  });

  it('collapsed goes by the share that is left where all actions are choices', () => {
    const layout = { ...SOUND.layout, actuators: [SOUND.layout.actuators[1]] };
    expect(Object.keys(toldOf({ layout, bestReturn: 1.2, entropy: { first: 1.8, last: 0.05 } }))).toEqual([
      'collapsed',
    ]);
    expect(toldOf({ layout, bestReturn: 1.2, entropy: { first: 1.8, last: 0.2 } })).toEqual({});
  });
});
