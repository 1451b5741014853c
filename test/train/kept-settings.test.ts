import { describe, expect, it } from 'vitest';
import { messageOf } from '../../plugin/core/errors.ts';
import type { AgentLayout } from '../../plugin/core/layout.ts';
import { MOST_AREAS } from '../../plugin/core/limits.ts';
import { defineEnvironment, Policy } from '../../plugin/index.ts';
import { createLearnerState } from '../../plugin/learn/initialize.ts';
import { parsePolicy, writePolicy } from '../../plugin/policy/policy-file.ts';
import { readCheckpoint, writeCheckpoint } from '../../plugin/train/checkpoint.ts';
import { CurriculumProgress } from '../../plugin/train/curriculum.ts';
import { checkOptions } from '../../plugin/train/option-schema.ts';
import { Progress } from '../../plugin/train/progress.ts';
import { settingsOf, specsOf } from '../../plugin/train/run-settings.ts';
import { TRAINING_DEFAULTS, type TrainingSettings } from '../../plugin/train/settings.ts';
import type { EnvironmentDescription } from '../../plugin/train/worker-protocol.ts';
import { worldFactsOf } from '../../plugin/train/world-facts.ts';

const LAYOUT: AgentLayout = {
  sensors: [{ name: 'eyes', size: 2 }],
  actuators: [{ name: 'legs', continuous: 1, branches: [3] }],
};

function describing(changes: Partial<EnvironmentDescription> & { readonly layout?: AgentLayout } = {}) {
  const { layout = LAYOUT, ...others } = changes;
  const policies = [{ name: 'agent', layout, agentsPerArea: 1, agents: ['agent'] }];
  const clock = { timeStep: 0.02, decisionPeriod: 5, maxDecisions: 10, spacing: 20, parameters: {} };
  return { name: 'match', policies, agentsPerArea: 1, ...clock, training: {}, ...others } as EnvironmentDescription;
}

/** Does what a run does at its door and at its end: takes settings, writes a policy and a checkpoint; reads both again. */
function keep(settings: Partial<TrainingSettings>, description = describing(), goal: number | null = null): void {
  checkOptions('match', { createWorker: (() => {}) as never, ...(goal !== null && { until: goal }) });
  const taken = settingsOf(description, { createWorker: (() => {}) as never, ...settings }, undefined);
  const specs = specsOf(description, taken);
  const learners = specs.map((spec) => createLearnerState(spec, taken, taken.seed));
  const curriculum = new CurriculumProgress(taken.parameters);
  specs.forEach((spec, p) => {
    const record = { environment: 'match', seed: taken.seed, decisions: 0, meanReturn: null };
    expect(parsePolicy(writePolicy(new Policy(spec, learners[p].weights), record)).spec.name).toBe(spec.name);
  });
  const checkpoint = {
    ...{ environment: 'match', world: worldFactsOf(description), settings: taken, goal, curriculum: curriculum.state },
    policies: specs.map((spec, p) => ({ spec, learner: learners[p] })),
    progress: new Progress(specs.length).state,
    next: { weights: learners.map(({ weights }) => weights), lessons: curriculum.lessons },
    history: {
      generation: 0,
      actions: Array.from({ length: taken.workers }, () => []),
      lessons: [],
      fingerprints: Array(taken.workers).fill([]),
    },
  };
  const read = readCheckpoint(writeCheckpoint(checkpoint), 'It');
  expect(read.settings).toEqual(taken);
  expect(read.goal).toBe(goal);
}

const TINY = Number.MIN_VALUE;
const HUGE = Number.MAX_VALUE;
const MOST = Number.MAX_SAFE_INTEGER;
const LONG_ORDER = Array.from({ length: 5000 }, (_, i) => i % 10);

/** The most extreme values that each setting takes; those that need memory to try are tried with smaller ones. */
const EXTREMES: { readonly [K in keyof TrainingSettings]: readonly TrainingSettings[K][] } = {
  learningRate: [TINY, HUGE],
  learningRateSchedule: ['linear', 'adaptive', 'constant'],
  targetKl: [TINY, HUGE],
  objective: ['clip', 'unclipped', 'kl-fixed', 'kl-adaptive', 'policy-gradient'],
  clip: [TINY, HUGE],
  klCoefficient: [0, HUGE],
  epochs: [1, MOST],
  minibatch: [1, MOST],
  entropyCoefficient: [0, HUGE],
  valueCoefficient: [0, HUGE],
  valueClip: [0, HUGE],
  maxGradientNorm: [TINY, HUGE],
  normalizeAdvantage: [false, true],
  normalizeObservation: [false, true],
  normalizeValue: [false, true],
  initialLogDeviation: [-5, 2],
  mirrors: [[{ sensors: { eyes: { order: LONG_ORDER, flip: LONG_ORDER } } }], Array(100).fill({})],
  discount: [0, 1],
  lambda: [0, 1],
  hidden: [[], [1], [2000], Array(12).fill(64), Array(24).fill(64)],
  activation: ['tanh', 'relu', 'swish', 'elu'],
  critic: ['shared', 'separate'],
  observationClip: [1e-6, 1e6],
  seed: [-MOST, MOST],
  workers: [0, 64],
  areas: [64, MOST_AREAS],
  stagger: [false, true],
  horizon: [1, MOST],
  overlap: [false, true],
  maxDecisions: [1, MOST],
  backend: ['auto', 'webgpu', 'wasm', 'cpu'],
  parameters: [
    { a: -HUGE, 'b.c': TINY, '': 0 },
    {
      a: {
        sampler: 'multirangeuniform',
        intervals: Array.from({ length: 3000 }, (_, i): [number, number] => [i, i + 1]),
      },
    },
    {
      a: {
        lessons: Array.from({ length: 900 }, (_, i) => ({
          name: `${i}`,
          value: 0,
          ...(i < 899 && { completion: { measure: 'return' as const, threshold: -HUGE, minLessonLength: 0 } }),
        })),
      },
    },
  ],
  policies: [
    { agent: { observationClip: 1e6, hidden: [1] } },
    { agent: { mirrors: [{ actuators: { legs: { choices: [[2, 1, 0]] } } }] } },
  ],
};

describe('what a run takes, its files take', () => {
  it('for every setting that there is', () => {
    expect(Object.keys(EXTREMES).sort()).toEqual(Object.keys(TRAINING_DEFAULTS).sort());
  });

  const values = Object.entries(EXTREMES).flatMap(([name, all]) => all.map((value, i) => [name, i, value] as const));
  it.each(values)('with %s at extreme %i', (name, _, value) => {
    keep({ workers: 1, [name]: value });
  });

  it.each([-HUGE, TINY, 0, HUGE])('with the goal %d', (goal) => keep({}, describing(), goal));

  it.each<[string, Parameters<typeof describing>[0]]>([
    ['of the shortest steps', { timeStep: 1e-4 }],
    ['of the longest steps', { timeStep: 10 }],
    ['of the longest decisions', { decisionPeriod: MOST }],
    ['of endless episodes', { maxDecisions: MOST }],
    [
      'with 1500 branches',
      { layout: { ...LAYOUT, actuators: [{ name: 'keys', continuous: 0, branches: Array(1500).fill(2) }] } },
    ],
    [
      'with 1500 sensors',
      { layout: { ...LAYOUT, sensors: Array.from({ length: 1500 }, (__, i) => ({ name: `${i}`, size: 1 })) } },
    ],
    [
      'of a policy that no file could be named after',
      { policies: [{ name: '../"\u{1f916}\ud800', layout: LAYOUT, agentsPerArea: 1, agents: ['agent'] }] },
    ],
  ])('with an environment %s', (_, changes) => keep({ hidden: [4] }, describing(changes)));
});

describe('what a file does not take, a run refuses', () => {
  it.each<[Partial<TrainingSettings>, string]>([
    [{ observationClip: 1e7 }, 'Setting "observationClip" is 10000000. It must be a number from 0.000001 to 1000000.'],
    [{ observationClip: 1e-7 }, 'Setting "observationClip" is 1e-7. It must be a number from 0.000001 to 1000000.'],
    [
      { policies: { agent: { observationClip: 1e7 } } },
      'Setting "policies.agent.observationClip" is 10000000. It must be a number from 0.000001 to 1000000.',
    ],
    [
      { hidden: [MOST] },
      'Policy "agent" of environment "match" cannot be trained: it has 63050394783186940 weights, which is too many.',
    ],
    [
      { policies: { agnet: {} } },
      'Setting "policies.agnet" names no policy of environment "match". Did you mean "agent"? It has: "agent".',
    ],
  ])('settings %o', (settings, message) => {
    expect(refusal(() => keep(settings))).toBe(`[agents] ${message}`);
  });

  it.each([
    ['timeStep', 5e-5, '0.00005. It must be a number of seconds from 0.0001 to 10.'],
    ['timeStep', 11, '11. It must be a number of seconds from 0.0001 to 10.'],
    ['decisionPeriod', 2 ** 53, '9007199254740992. It must be an integer ≥ 1.'],
  ])('an environment whose %s is %d', (name, value, message) => {
    const define = () => defineEnvironment({ name: 'match', build: () => ({ reset() {} }), [name]: value });
    expect(refusal(define)).toBe(`[agents] Environment "match" has ${name} ${message}`);
  });

  it('a preset whose goal or setting is none, naming the environment', () => {
    const presetOf = (training: object) => refusal(() => keep({}, describing({ training })));
    expect(presetOf({ until: '95' })).toBe(
      '[agents] Environment "match" has an invalid training preset: "until" is "95". It must be a number, or Infinity for no goal.',
    );
    expect(presetOf({ area: 4 })).toContain(
      '[agents] Environment "match" has an invalid training preset: Unknown setting "area". Did you mean "areas"? There are: ',
    );
  });
});

describe('checkOptions', () => {
  const createWorker = (() => {}) as never;
  it.each<[object, string]>([
    [{ until: '95' }, 'Option "until" is "95". It must be a number, or Infinity for no goal.'],
    [{ until: 95n }, 'Option "until" is the BigInt 95. It must be a number, or Infinity for no goal.'],
    [{ until: Number.NaN }, 'Option "until" is NaN. It must be a number, or Infinity for no goal.'],
    [{ until: -Infinity }, 'Option "until" is -Infinity. It must be a number, or Infinity for no goal.'],
    [{ maxSeconds: -1 }, 'Option "maxSeconds" is -1. It must be a number above 0.'],
    [{ maxSeconds: 'x' }, 'Option "maxSeconds" is "x". It must be a number above 0.'],
    [{ maxSeconds: Number.NaN }, 'Option "maxSeconds" is NaN. It must be a number above 0.'],
    [{ checkpointSeconds: -5 }, 'Option "checkpointSeconds" is -5. It must be a number, 0 or more.'],
    [{ hold: 1 }, 'Option "hold" is 1. It must be a function.'],
    [{ resume: 'yes' }, 'Option "resume" is "yes". It must be true or false.'],
    [{ store: {} }, 'Option "store" is {}. It must be an object with read, write and locate.'],
    [{ store: null }, 'Option "store" is null. It must be an object with read, write and locate.'],
    [{ signal: new AbortController() }, 'Option "signal" is {}. It must be an AbortSignal.'],
    [{ createWorker: undefined }, 'Option "createWorker" is undefined. It must be a function that starts a worker.'],
    [
      { createWorker: 'worker.js' },
      'Option "createWorker" is "worker.js". It must be a function that starts a worker.',
    ],
  ])('refuses %o', (options, message) => {
    expect(refusal(() => checkOptions('match', { createWorker, ...options }))).toBe(`[agents] ${message}`);
  });

  it('takes what may be left out, and limits that are never reached', () => {
    const open = { until: undefined, maxSeconds: undefined, store: undefined, hold: undefined, signal: undefined };
    expect(() => checkOptions('match', { createWorker, ...open } as never)).not.toThrow();
    const never = {
      until: Infinity,
      maxSeconds: Infinity,
      checkpointSeconds: Infinity,
      signal: new AbortController().signal,
    };
    expect(() => checkOptions('match', { createWorker, ...never })).not.toThrow();
  });

  it('wants the name of an environment, and options', () => {
    expect(refusal(() => checkOptions(undefined as never, { createWorker }))).toBe(
      '[agents] train() was given undefined as its environment. Pass its name.',
    );
    expect(refusal(() => checkOptions('match', undefined as never))).toBe(
      '[agents] train() was given undefined as its options. Pass at least createWorker.',
    );
  });
});

function refusal(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    return messageOf(error);
  }
  return 'accepted';
}
