import { describe, expect, it } from 'vitest';
import type { AgentLayout } from '../../plugin/core/layout.ts';
import { createRollout } from '../../plugin/core/rollout.ts';
import { createLearnerState } from '../../plugin/learn/initialize.ts';
import { createMirrors, type MirrorImage, mirrorMoments } from '../../plugin/learn/mirror.ts';
import { createLearner } from '../../plugin/learn/ppo-learner.ts';
import { createSamples, gatherSamples, MASKED } from '../../plugin/learn/samples.ts';
import { createWasmEngine } from '../../plugin/learn/wasm/engine.ts';
import type { PolicySpec } from '../../plugin/policy/policy.ts';
import { RolloutPolicy } from '../../plugin/policy/rollout-policy.ts';
import { collect, createSettings, createSpec, noisyWeights, observationMoments, requestOf } from './fixtures.ts';

/** An animal with an eye on each side that walks, turns, and lifts a foot on either side. */
const ANIMAL: AgentLayout = {
  sensors: [
    { name: 'speed', size: 2 }, // to its right, and ahead
    { name: 'left-eye', size: 2 },
    { name: 'right-eye', size: 2 },
  ],
  actuators: [
    { name: 'walk', continuous: 2, branches: [3] }, // sideways and ahead; stay, left, right
    { name: 'left-foot', continuous: 1, branches: [2] },
    { name: 'right-foot', continuous: 1, branches: [2] },
  ],
};

const LEFT_FOR_RIGHT: MirrorImage = {
  sensors: { speed: { flip: [0] }, 'left-eye': { from: 'right-eye' }, 'right-eye': { from: 'left-eye' } },
  actuators: {
    walk: { flip: [0], choices: [[0, 2, 1]] },
    'left-foot': { from: 'right-foot' },
    'right-foot': { from: 'left-foot' },
  },
};

const SPEC: PolicySpec = { ...createSpec('both'), name: 'animal', layout: ANIMAL };

describe('createMirrors', () => {
  it('starts with the identity', () => {
    const [plain, ...others] = createMirrors(SPEC, []);
    expect(others).toEqual([]);
    expect([...plain.observation.from]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...plain.continuous.sign]).toEqual([1, 1, 1, 1]);
    expect([...plain.choiceTo]).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('maps each float with its sign, and each choice', () => {
    const [, mirror] = createMirrors(SPEC, [LEFT_FOR_RIGHT]);
    expect([...mirror.observation.from]).toEqual([0, 1, 4, 5, 2, 3]);
    expect([...mirror.observation.sign]).toEqual([-1, 1, 1, 1, 1, 1]);
    expect([...mirror.continuous.from]).toEqual([0, 1, 3, 2]);
    expect([...mirror.continuous.sign]).toEqual([-1, 1, 1, 1]);
    expect([...mirror.choiceTo]).toEqual([0, 2, 1, 5, 6, 3, 4]);
  });

  it('applies a quarter turn, which is not its own inverse, in the given direction', () => {
    const spec: PolicySpec = {
      ...SPEC,
      layout: {
        sensors: [{ name: 'sight', size: 4 }],
        actuators: [{ name: 'step', continuous: 0, branches: [4] }],
      },
    };
    const turned = { sensors: { sight: { order: [3, 0, 1, 2] } }, actuators: { step: { choices: [[3, 0, 1, 2]] } } };
    const [, mirror] = createMirrors(spec, [turned]);
    expect([...mirror.observation.from]).toEqual([3, 0, 1, 2]);
    expect([...mirror.choiceTo]).toEqual([1, 2, 3, 0]); // choice 3 becomes choice 0
  });

  it.each<[string, MirrorImage, string]>([
    [
      'a nonexistent sensor',
      { sensors: { sped: { flip: [0] } } },
      '.sensors" of policy "animal" names "sped". It must name only speed, left-eye, right-eye.',
    ],
    [
      'a nonexistent actuator',
      { actuators: { toString: { flip: [0] } } },
      '.actuators" of policy "animal" names "toString". It must name only walk, left-foot, right-foot.',
    ],
    [
      'a source of different size',
      { actuators: { 'left-foot': { from: 'walk' } } },
      '.actuators.left-foot" of policy "animal" is from "walk". It must be from one of equal size: left-foot, right-foot.',
    ],
    [
      'a nonexistent source',
      { sensors: { 'left-eye': { from: 'third-eye' } } },
      '.sensors.left-eye" of policy "animal" is from "third-eye". It must be from one of equal size: speed, left-eye, right-eye.',
    ],
    [
      'one that is never shown',
      { sensors: { 'left-eye': { from: 'right-eye' } } },
      '.sensors" of policy "animal" never shows "left-eye". It must show each one once, as itself or through `from`.',
    ],
    [
      'an order that is too short',
      { sensors: { speed: { order: [1] } } },
      '.sensors.speed.order" of policy "animal" is [1]. It must contain each integer below 2 once.',
    ],
    [
      'an order with a float twice',
      { sensors: { speed: { order: [1, 1] } } },
      '.sensors.speed.order" of policy "animal" is [1,1]. It must contain each integer below 2 once.',
    ],
    [
      'a sign past the end',
      { actuators: { walk: { flip: [0, 2] } } },
      '.actuators.walk" of policy "animal" flips [0,2]. It must flip distinct integers below 2.',
    ],
    [
      'choices of different branches',
      { actuators: { walk: { choices: [] } } },
      '.actuators.walk" of policy "animal" has choices for 0 branches. It must have them for 1.',
    ],
    [
      'a nonexistent choice',
      { actuators: { walk: { choices: [[0, 2, 3]] } } },
      '.actuators.walk.choices.0" of policy "animal" is [0,2,3]. It must contain each integer below 3 once.',
    ],
    [
      'nothing',
      { sensors: { speed: { order: [0, 1] } } },
      '" of policy "animal" changes nothing. Name what differs in the mirror, or omit it.',
    ],
  ])('rejects an image with %s', (_, image, message) => {
    expect(() => createMirrors(SPEC, [LEFT_FOR_RIGHT, image])).toThrow(`[agents] Setting "mirrors.1${message}`);
  });
});

describe('mirrorMoments', () => {
  it('gives the moments of the observations in all mirrors together', () => {
    const mirrors = createMirrors(createSpec('continuous'), [{ sensors: { sight: { order: [1, 0, 2], flip: [2] } } }]);
    const observed = { count: 2, mean: Float64Array.of(1, 5, 3), squares: Float64Array.of(2, 0, 8) };
    // of 1 ± 1 and 5, 5: mean 3, squares 2 + 0 + 4 · 2²; of ±3, each with 8 about it: 16 + 4 · 3²
    expect(mirrorMoments(mirrors, observed)).toEqual({
      count: 4,
      mean: Float64Array.of(3, 3, 0),
      squares: Float64Array.of(18, 18, 52),
    });
  });
});

describe('gatherSamples with a mirror', () => {
  const weights = new Float32Array(new RolloutPolicy(SPEC).weights.length);
  weights.set([0.5, 0, 0, 0, 0, 0, 2, 1, 1, 1, 1, 1]); // normalizer.mean and .deviation
  const rollout = createRollout({ horizon: 2, agents: 1, layout: ANIMAL }, false);
  rollout.active[1] = 1; // only the second of two decisions counts
  rollout.observation.set([3, 1, 0.1, 0.2, 0.3, 0.4], 6);
  rollout.continuousAction.set([0.5, 0.6, 0.7, 0.8], 4);
  rollout.discreteAction.set([1, 0, 1], 3);
  rollout.mask.set([0, 1, 1, 1, 1, 0, 1], 7);
  rollout.mean.set([0.1, 0.2, 0.3, 0.4], 4);
  rollout.logDeviation.set([-1, -2, -3, -4]);
  rollout.logProbs.set([-Infinity, -0.5, -1, -2, -3, -Infinity, 0], 7);
  rollout.logProb[1] = -6;
  rollout.advantage[1] = 2;
  rollout.value[1] = 4;
  const samples = createSamples(new RolloutPolicy(SPEC).sizes, 2, true);
  gatherSamples(SPEC, weights, [rollout], createMirrors(SPEC, [LEFT_FOR_RIGHT]), samples);
  const imageOf = (column: Float32Array) => [...column.subarray(column.length / 2)].map((x) => Number(x.toFixed(6)));

  it('has each sample as it is, followed by all images', () => {
    expect(samples.observation[0]).toBe((3 - 0.5) / 2);
    expect([...samples.mask.subarray(0, 7)]).toEqual([0, 1, 1, 1, 1, 0, 1]);
    expect([...samples.choice.subarray(0, 7)]).toEqual([0, 1, 0, 1, 0, 0, 1]);
  });

  it('normalizes mirrored observations as the policy would', () => {
    expect(imageOf(samples.observation)).toEqual([(-3 - 0.5) / 2, 1, 0.3, 0.4, 0.1, 0.2]);
  });

  it('mirrors actions, choices and masks', () => {
    expect(imageOf(samples.continuousAction)).toEqual([-0.5, 0.6, 0.8, 0.7]);
    expect(imageOf(samples.choice)).toEqual([0, 0, 1, 0, 1, 1, 0]);
    expect(imageOf(samples.mask)).toEqual([0, 1, 1, 0, 1, 1, 1]);
  });

  it('mirrors the distribution that actions were sampled from', () => {
    expect(imageOf(samples.oldMean)).toEqual([-0.1, 0.2, 0.4, 0.3]);
    expect(imageOf(samples.oldLogDeviation)).toEqual([-1, -2, -4, -3]);
    expect(imageOf(samples.oldLogProbs)).toEqual([MASKED, -1, -0.5, MASKED, 0, -2, -3]);
  });

  it('gives an image the probability, value and advantage of its original', () => {
    expect([...samples.logProb]).toEqual([-6, -6]);
    expect([...samples.value]).toEqual([4, 4]);
    expect([...samples.advantage]).toEqual([2, 2]);
    expect([...samples.target]).toEqual([6, 6]);
  });
});

describe('a learner with a mirror', () => {
  const spec = createSpec('both');
  const mirrors: readonly MirrorImage[] = [
    {
      sensors: { sight: { flip: [0, 1, 2] } },
      actuators: {
        move: { flip: [0, 1] },
        pick: {
          choices: [
            [2, 1, 0],
            [1, 0],
          ],
        },
      },
    },
  ];

  function createCase(normalizeObservation: boolean) {
    const settings = createSettings({ mirrors, normalizeObservation, minibatch: 11 });
    const state = { ...createLearnerState(spec, settings, 1), weights: noisyWeights(spec) };
    return { settings, state, rollout: collect(spec, state) };
  }

  it('learns from every sample twice', async () => {
    const { settings, state, rollout } = createCase(true);
    const { statistics } = await createLearner(spec, settings, state, createWasmEngine).update(requestOf(rollout));
    expect(statistics).toMatchObject({ samples: 2 * 44, gradientSteps: 8 });
  });

  it('observes each direction equally often', async () => {
    const { settings, state, rollout } = createCase(true);
    const { weights } = await createLearner(spec, settings, state, createWasmEngine).update(requestOf(rollout));
    expect([...weights.subarray(0, 3)]).toEqual([0, 0, 0]);
    const { count, mean, squares } = observationMoments(rollout, 3);
    for (let i = 0; i < 3; i++) expect(weights[3 + i]).toBeCloseTo(Math.sqrt(squares[i] / count + mean[i] ** 2), 6);
  });

  it('does not require mirrored ratios to start at 1', async () => {
    const { settings, state, rollout } = createCase(true);
    const once = { ...settings, minibatch: 88 };
    const { statistics, violations } = await createLearner(spec, once, state, createWasmEngine).update(
      requestOf(rollout),
    );
    expect(statistics.approximateKl).toBeGreaterThan(0.01); // weights are noise, so the policy is not symmetric
    expect(violations).toEqual([]);
  });
});
