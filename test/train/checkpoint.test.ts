import { describe, expect, it } from 'vitest';
import { AgentsError } from '../../plugin/core/errors.ts';
import type { ParameterSetting } from '../../plugin/core/parameters.ts';
import type { LearnerState } from '../../plugin/learn/learner.ts';
import { Policy, type PolicySpec } from '../../plugin/policy/policy.ts';
import { writePolicy } from '../../plugin/policy/policy-file.ts';
import { readTensors, type Tensor, writeTensors } from '../../plugin/policy/safetensors.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from '../../plugin/train/checkpoint.ts';
import { requireSettings } from '../../plugin/train/settings.ts';
import type { ActionLog } from '../../plugin/train/worker-protocol.ts';
import type { PoolHistory } from '../../plugin/train/world-log.ts';
import { createPolicy, createSpec, MIXED } from '../policy/fixtures.ts';

const ENTRY = 'babylon-agents-checkpoint';

const SPEC = createSpec(MIXED, { critic: 'separate' });
const OTHER: PolicySpec = { ...createSpec(MIXED, { critic: 'separate', hidden: [6] }), name: 'climber' };
const { size: P, trainable: TRAINABLE } = sizesOf(SPEC);

const completion = { measure: 'return', threshold: 0.5 } as const;
const WALL: ParameterSetting = {
  lessons: [
    { name: 'low', value: 1, completion },
    {
      name: 'any',
      value: {
        sampler: 'multirangeuniform',
        intervals: [
          [0, 1],
          [2, 4],
        ],
      },
    },
  ],
};
const MASS: ParameterSetting = {
  lessons: [
    { name: 'light', value: 1, completion },
    { name: 'heavy', value: 2 },
  ],
};

/** What a checkpoint's description says of a learner. */
const COUNTS = { steps: 1, learningRate: 0, observation: 0, valueTarget: 0 };

/** Every number differs from every other, and some are hard to keep. */
const CHECKPOINT: Checkpoint = {
  environment: 'crawler',
  world: {
    ...{ timeStep: 1 / 60, decisionPeriod: 5, maxDecisions: 1000, spacing: null, agentsPerArea: [1, 2] },
    parameters: { gravity: -9.81, wall: 1, mass: 1 },
  },
  settings: requireSettings({
    seed: -4,
    areas: 3,
    learningRate: 0.1 + 0.2,
    hidden: [5, 4],
    critic: 'separate',
    observationClip: SPEC.observationClip,
    workers: 2,
    policies: { climber: { hidden: [6] } },
    parameters: { gravity: -9.81, wall: WALL, mass: MASS },
  }),
  policies: [
    { spec: SPEC, learner: learnerOf(SPEC, 0) },
    { spec: OTHER, learner: learnerOf(OTHER, 0.01) },
  ],
  progress: {
    updates: 2,
    decisions: 384,
    physicsSteps: 1536,
    episodes: 3,
    seconds: 1 / 3,
    windows: [
      { returns: [1 / 7, -1e-300, 5], lengths: [10, 20, 30] },
      { returns: [], lengths: [] },
    ],
    solvedAtSeconds: null,
    solvedAtDecisions: null,
  },
  curriculum: {
    wall: { lesson: 1, smoothed: 0.1 + 0.2, returns: [1 / 3, -0, 1e-300] },
    mass: { lesson: 0, smoothed: null, returns: [] },
  },
  next: { weights: [count(P, 0.7), count(sizesOf(OTHER).size, 0.8)], lessons: { wall: 1, mass: 0 } },
  goal: 95,
  history: {
    generation: 2,
    actions: [
      [
        [rolloutLog(100), rolloutLog(200)],
        [rolloutLog(300), rolloutLog(400)],
      ],
      [
        [rolloutLog(500), rolloutLog(600)],
        [rolloutLog(700), rolloutLog(800)],
      ],
    ],
    lessons: [
      { wall: 0, mass: 0 },
      { wall: 1, mass: 0 },
    ],
    fingerprints: [
      [1, -2],
      [2 ** 31 - 1, -(2 ** 31)],
    ],
  },
};

describe('writeCheckpoint', () => {
  it('writes the same bytes for the same run', () => {
    expect(writeCheckpoint(CHECKPOINT)).toEqual(writeCheckpoint(CHECKPOINT));
  });

  it('names its tensors for other programs to find', () => {
    const { tensors } = readTensors(writeCheckpoint(CHECKPOINT), 'It');
    const ofPolicy = [
      ...['acting', 'adam.firstMoment', 'adam.secondMoment', 'lengths', 'observation.mean', 'observation.squares'],
      ...['weights', 'returns', 'valueTarget.mean', 'valueTarget.squares'],
    ];
    const ofRollout = ['0.continuous', '0.discrete', '1.continuous', '1.discrete'];
    expect([...tensors.keys()].sort()).toEqual(
      [
        ...ofPolicy.map((name) => `climber/${name}`),
        ...['curriculum.0.returns', 'curriculum.1.returns'],
        ...['0.0', '0.1', '1.0', '1.1'].flatMap((at) => ofRollout.map((name) => `history.${at}.${name}`)),
        ...['history.0.fingerprints', 'history.1.fingerprints'],
        'history.lessons',
        ...ofPolicy.map((name) => `walker/${name}`),
      ].sort(),
    );
  });
});

describe('readCheckpoint', () => {
  it('gives back everything bit for bit, the history rollout by rollout', () => {
    expect(readCheckpoint(writeCheckpoint(CHECKPOINT), 'It')).toEqual(CHECKPOINT);
  });

  it('keeps when a run was solved', () => {
    const progress = { ...CHECKPOINT.progress, solvedAtSeconds: 0.25, solvedAtDecisions: 200 };
    expect(readCheckpoint(writeCheckpoint({ ...CHECKPOINT, progress }), 'It').progress).toEqual(progress);
  });

  it('reads a Buffer, as Node reads files', () => {
    expect(readCheckpoint(Buffer.from(writeCheckpoint(CHECKPOINT)), 'It')).toEqual(CHECKPOINT);
  });

  it('fills settings in that an older run did not know', () => {
    const { horizon, ...settings } = CHECKPOINT.settings;
    expect(readCheckpoint(edit({ settings }), 'It').settings).toEqual({ ...CHECKPOINT.settings, horizon: 64 });
  });

  it('refuses a damaged file', () => {
    const file = writeCheckpoint(CHECKPOINT);
    file[file.length - 5] ^= 1;
    expect(messageOf(file)).toBe(
      '[agents] Checkpoint "a" is damaged: its checksum does not match its content. Fetch or export it again.',
    );
  });

  it('refuses a file that is cut off', () => {
    const file = writeCheckpoint(CHECKPOINT);
    expect(messageOf(file.subarray(0, file.length - 1))).toMatch(
      /^\[agents\] Checkpoint "a" is cut off: tensor "history/,
    );
  });

  it.each([
    [
      'a policy file',
      writePolicy(createPolicy(SPEC)),
      'is a policy file, but no checkpoint. Point at the checkpoint of a run.',
    ],
    [
      'another safetensors file',
      writeTensors({ metadata: { format: 'pt' }, tensors: new Map() }),
      'is a safetensors file, but no checkpoint. Point at the checkpoint of a run.',
    ],
    [
      'a file of another format',
      new TextEncoder().encode('{"environment":"crawler"}'),
      'is not a safetensors file. Fetch or export it again.',
    ],
  ])('says so when it is given %s', (_, file, complaint) => {
    expect(messageOf(file)).toBe(`[agents] Checkpoint "a" ${complaint}`);
  });

  it.each([
    ['of no version', { version: 'new' }, 'version'],
    ['without a part of its description', { progress: undefined }, 'progress'],
    ['with a counter that is none', { progress: { ...CHECKPOINT.progress, decisions: 'many' } }, 'progress.decisions'],
    ['whose history is uncounted', { rollouts: null }, 'rollouts'],
  ])('refuses a checkpoint %s', (_, changes, path) => {
    expect(messageOf(edit(changes))).toBe(
      `[agents] Checkpoint "a" has an unreadable "${path}" in its description. Start the run again.`,
    );
  });

  it.each([1, 4, 6])('says of a checkpoint of version %i who can resume it', (version) => {
    expect(messageOf(edit({ version }))).toBe(
      `[agents] Checkpoint "a" has format version ${version}, and this babylon-agents resumes version 5 only. Resume it with the version of babylon-agents that wrote it, or start the run again.`,
    );
  });

  const { progress, settings } = CHECKPOINT;
  const [{ learner }, other] = CHECKPOINT.policies;
  const describe = (spec: PolicySpec) => ({ policies: [{ spec, learner: COUNTS }] });
  it.each([
    [
      'a policy that is none',
      describe({ ...SPEC, timeStep: -1 }),
      'has an invalid policy description: "timeStep" is -1 and must be a number from 0.0001 to 10',
    ],
    [
      'a policy larger than the file',
      describe({ ...SPEC, network: { ...SPEC.network, hidden: [1e9] } }),
      'has an invalid policy description: it has 12000000014 weights, which is too many',
    ],
    [
      'invalid settings: ',
      { settings: { ...settings, horizon: -1 } },
      'holds invalid settings: Setting "horizon" is -1. It must be an integer above 0.',
    ],
    ['settings of no worker', { settings: { ...settings, workers: 0 } }, 'does not say how many workers it had'],
    [
      'a lesson that there is not',
      { next: { wall: 2, mass: 0 } },
      'is at the lessons {"wall":2,"mass":0}, which its settings do not have',
    ],
    [
      'lessons of a parameter that has none',
      { next: { wall: 0, mass: 0, gravity: 0 } },
      'is at the lessons {"wall":0,"mass":0,"gravity":0}, which its settings do not have',
    ],
    [
      'settings of another network',
      { settings: { ...settings, hidden: [6] } },
      'holds a policy of [[5,4],"tanh","separate",3], and its settings ask for [[6],"tanh","separate",3]',
    ],
    [
      'settings of another network of one of its policies',
      { settings: { ...settings, policies: {} } },
      'holds a policy of [[6],"tanh","separate",3], and its settings ask for [[5,4],"tanh","separate",3]',
    ],
  ])('refuses %s', (_, changes, complaint) => {
    expect(messageOf(edit(changes))).toBe(`[agents] Checkpoint "a" ${complaint}. Start the run again.`);
  });

  it.each([
    ['progress.decisions', { progress: { ...progress, decisions: -1 } }],
    ['policies', { policies: [] }],
    ['policies.0.learner.steps', { policies: [{ spec: SPEC, learner: { ...COUNTS, steps: 0.5 } }] }],
    ['rollouts', { rollouts: 1e300 }],
    ['next.wall', { next: { wall: -1, mass: 0 } }],
    ['curriculum.wall.smoothed', { curriculum: { wall: { lesson: 0, smoothed: 'high' } } }],
    ['generation', { generation: -1 }],
  ])('refuses a hostile %s', (path, changes) => {
    expect(messageOf(edit(changes))).toBe(
      `[agents] Checkpoint "a" has an unreadable "${path}" in its description. Start the run again.`,
    );
  });

  /** The first policy's learner, otherwise. */
  const first = (changes: Partial<LearnerState>) => ({
    policies: [{ spec: SPEC, learner: { ...learner, ...changes } }, other],
  });
  it.each([
    [
      'weights',
      first({ weights: count(3, 1) }),
      `holds "walker/weights" as Float32Array [3] and not as Float32Array [${P}]`,
    ],
    [
      'acting',
      { next: { ...CHECKPOINT.next, weights: [count(P, -3), CHECKPOINT.next.weights[1]] } },
      'has numbers ≤ 0 in "normalizer.deviation", in "walker/acting"',
    ],
    [
      'moments',
      first({ firstMoment: new Float32Array(P - TRAINABLE).fill(Number.NaN) }),
      'holds NaN in "walker/adam.firstMoment"',
    ],
    [
      'statistics',
      first({ valueTarget: { ...learner.valueTarget, mean: Float64Array.of(1, 2) } }),
      'holds "walker/valueTarget.mean" as Float64Array [2] and not as Float64Array [1]',
    ],
    [
      'rows',
      { history: oneRollout({ discreteAction: Int32Array.of(0, 0) }) },
      'holds 6 and 2 numbers in "history.0.0.0"',
    ],
    [
      'returns',
      {
        progress: {
          ...progress,
          windows: [{ returns: Array(101).fill(0), lengths: Array(101).fill(1) }, progress.windows[1]],
        },
      },
      'holds 101 returns in "walker/returns", and keeps 100',
    ],
    [
      'lengths',
      { progress: { ...progress, windows: [{ returns: [1, 2], lengths: [1] }, progress.windows[1]] } },
      'holds "walker/lengths" as Int32Array [1] and not as Int32Array [2]',
    ],
    [
      'choices',
      { history: oneRollout({ discreteAction: Int32Array.of(0, 0, 2, 0) }) },
      'holds choice 2 in "history.0.0.0", which is out of range',
    ],
  ])('refuses numbers that do not fit: %s', (_, changes, complaint) => {
    expect(messageOf(writeCheckpoint({ ...CHECKPOINT, ...changes }))).toBe(
      `[agents] Checkpoint "a" ${complaint}. Start the run again.`,
    );
  });

  it('refuses numbers of another kind', () => {
    const { metadata, tensors } = readTensors(writeCheckpoint(CHECKPOINT), 'It');
    const others = new Map<string, Tensor>(tensors).set('walker/acting', { shape: [P], data: new Int32Array(P) });
    expect(messageOf(writeTensors({ metadata, tensors: others }))).toBe(
      `[agents] Checkpoint "a" holds "walker/acting" as Int32Array [${P}] and not as Float32Array [${P}]. Start the run again.`,
    );
  });

  it('refuses a description that is no JSON', () => {
    expect(messageOf(writeTensors({ metadata: { [ENTRY]: '{' }, tensors: new Map() }))).toBe(
      `[agents] Checkpoint "a" has an unreadable "${ENTRY}" in its description. Start the run again.`,
    );
  });

  it('names the tensor that is missing', () => {
    const { metadata, tensors } = readTensors(writeCheckpoint(CHECKPOINT), 'It');
    const others = new Map([...tensors].filter(([name]) => name !== 'history.0.1.1.discrete'));
    expect(messageOf(writeTensors({ metadata, tensors: others }))).toBe(
      '[agents] Checkpoint "a" lacks "history.0.1.1.discrete". Start the run again.',
    );
  });
});

function sizesOf(spec: PolicySpec) {
  return new Policy(spec).weightLayout;
}

/** A learner whose numbers are `more` than another's. */
function learnerOf(spec: PolicySpec, more: number): LearnerState {
  const { size, trainable } = sizesOf(spec);
  return {
    weights: count(size, 0.1 + more),
    firstMoment: count(size - trainable, 1e-45 + more),
    secondMoment: count(size - trainable, 5 + more),
    steps: 96,
    learningRate: 0.1 * 3 + more,
    klCoefficient: 1 / 7,
    observation: { count: 384, mean: Float64Array.of(Math.PI, -0, 7), squares: Float64Array.of(8, 9, 5e-324) },
    valueTarget: { count: 380, mean: Float64Array.of(1 / 3), squares: Float64Array.of(11 + more) },
  };
}

/** So many numbers from `first` on. */
function count(length: number, first: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => first + i);
}

/** What one rollout of two rows did: floats from `first` on, so that a wrong one is seen, and choices of 2 and of 3. */
function rolloutLog(first: number) {
  return { continuousAction: count(6, first + 0.1), discreteAction: Int32Array.of((first / 100) % 2, 1, 0, 2) };
}

/** A history of one rollout of two workers. */
function oneRollout(changes: Partial<ActionLog>): PoolHistory {
  const log = [[{ ...rolloutLog(100), ...changes }, rolloutLog(200)]];
  return { generation: 0, actions: [log, log], lessons: [{ wall: 0, mass: 0 }], fingerprints: [[1], [2]] };
}

/** CHECKPOINT's file with other entries in its description. */
function edit(changes: object): Uint8Array {
  const { metadata, tensors } = readTensors(writeCheckpoint(CHECKPOINT), 'It');
  const description = { ...JSON.parse(metadata[ENTRY]), ...changes };
  return writeTensors({ metadata: { [ENTRY]: JSON.stringify(description) }, tensors });
}

function messageOf(file: Uint8Array): string {
  try {
    readCheckpoint(file, 'Checkpoint "a"');
  } catch (error) {
    expect(error).toBeInstanceOf(AgentsError);
    return (error as AgentsError).message;
  }
  return 'read without complaint';
}
