import { describe, expect, it } from 'vitest';
import type { ParameterSetting } from '../../plugin/core/parameters.ts';
import { Random } from '../../plugin/core/random.ts';
import { Policy } from '../../plugin/policy/policy.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from '../../plugin/train/checkpoint.ts';
import { requireSettings } from '../../plugin/train/settings.ts';
import { createPolicy, createSpec, MIXED } from '../policy/fixtures.ts';
import { mutateBytes, mutateTensorFile } from './mutations.ts';
import { readMutations, requireAction } from './read-mutations.ts';

const WALL: ParameterSetting = {
  lessons: [
    { name: 'low', value: 1, completion: { measure: 'return', threshold: 0.5 } },
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

/** 60 kB. */
const FILE = writeCheckpoint(createCheckpoint());

function createCheckpoint(): Checkpoint {
  const hidden = [32, 32];
  const spec = createSpec(MIXED, { critic: 'separate', hidden });
  const policy = createPolicy(spec);
  const { size, trainable } = policy.weightLayout;
  const random = new Random(2);
  const draw = (length: number) => Float32Array.from({ length }, () => random.uniform());
  const moments = (length: number) => ({
    count: 64,
    mean: Float64Array.from(draw(length)),
    squares: Float64Array.from(draw(length)),
  });
  const rollout = () => ({
    continuousAction: draw(64 * 3),
    discreteAction: Int32Array.from({ length: 64 * 2 }, () => random.integer(2)),
  });
  return {
    environment: 'crawler',
    world: {
      ...{ timeStep: 1 / 60, decisionPeriod: 5, maxDecisions: 1000, spacing: 20, agentsPerArea: [1] },
      parameters: { wall: 1 },
    },
    settings: requireSettings({
      ...{ hidden, critic: 'separate', observationClip: spec.observationClip, workers: 2 },
      parameters: { wall: WALL },
    }),
    goal: null,
    policies: [
      {
        spec,
        learner: {
          ...{ weights: policy.weights, steps: 8, learningRate: 3e-4, klCoefficient: 1 },
          firstMoment: draw(size - trainable),
          secondMoment: draw(size - trainable),
          observation: moments(3),
          valueTarget: moments(1),
        },
      },
    ],
    progress: {
      ...{ updates: 2, decisions: 128, physicsSteps: 512, episodes: 3, seconds: 1.5 },
      ...{
        windows: [{ returns: [1, 2.5, -3], lengths: [10, 20, 30] }],
        solvedAtSeconds: null,
        solvedAtDecisions: null,
      },
    },
    curriculum: { wall: { lesson: 1, smoothed: 0.25, returns: [1, 2] } },
    next: { weights: [policy.weights], lessons: { wall: 1 } },
    history: {
      generation: 0,
      actions: [
        [[rollout()], [rollout()]],
        [[rollout()], [rollout()]],
      ],
      lessons: [{ wall: 0 }, { wall: 1 }],
      fingerprints: [
        [1, 2],
        [3, 4],
      ],
    },
  };
}

/** Throws if the policy that a run would resume with does not act. */
function requireGoingOn({ policies, next }: Checkpoint, random: Random): void {
  policies.forEach(({ spec, learner }, p) => {
    requireAction(new Policy(spec, learner.weights), random);
    requireAction(new Policy(spec, next.weights[p]), random);
  });
}

describe('a checkpoint', () => {
  const read = (file: Uint8Array) => readCheckpoint(file, 'It');

  it('that was damaged in one of 1650 ways is rejected, or still a checkpoint', () => {
    const { failures, refused } = readMutations(FILE, 1650, mutateBytes, read, requireGoingOn);
    expect(failures).toEqual([]);
    expect(refused).toBeGreaterThan(1600);
  });

  it('that was forged in one of 1650 ways, checksum included, is rejected, or still a checkpoint', () => {
    const { failures, refused, understood } = readMutations(FILE, 1650, mutateTensorFile, read, requireGoingOn);
    expect(failures).toEqual([]);
    expect(refused).toBeGreaterThan(1000);
    expect(understood).toBeGreaterThan(50);
  });
});
