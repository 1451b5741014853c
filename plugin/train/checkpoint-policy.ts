import * as v from 'valibot';
import { measureLayout } from '../core/layout.ts';
import type { Moments } from '../core/running-statistics.ts';
import type { LearnerState } from '../learn/learner.ts';
import { LEARNER_DEFAULTS } from '../learn/settings.ts';
import { findWeightFault, weightLayout } from '../policy/network.ts';
import type { PolicySpec } from '../policy/policy.ts';
import { findSpecFault } from '../policy/policy-spec.ts';
import type { TensorData } from '../policy/safetensors.ts';
import { type CheckpointNumbers, refuseCheckpoint } from './checkpoint-numbers.ts';
import { RETURN_WINDOW, type ReturnWindow } from './progress.ts';

/** A policy in training, as a checkpoint keeps it. */
export interface PolicyCheckpoint {
  /** everything about it except its weights */
  readonly spec: PolicySpec;
  /** its weights and the optimizer’s state */
  readonly learner: LearnerState;
}

/** What else of a run belongs to one policy. */
export interface PolicyNumbers {
  /** [P] what acts in the next rollout */
  readonly acting: Float32Array;
  readonly window: ReturnWindow;
}

const MOMENTS = ['observation', 'valueTarget'] as const;
const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const object = <T>() => v.custom<T>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));

/** A policy in a checkpoint's description. */
export const POLICY_DESCRIPTION = v.object({
  spec: object<PolicySpec>(),
  learner: v.object({
    steps: count,
    learningRate: amount,
    /** runs of before there were objectives to choose from had none */
    klCoefficient: v.optional(amount, LEARNER_DEFAULTS.klCoefficient),
    observation: count,
    valueTarget: count,
  }),
});

type PolicyEntry = v.InferOutput<typeof POLICY_DESCRIPTION>;

export function describePolicy({ spec, learner }: PolicyCheckpoint): PolicyEntry {
  const { steps, learningRate, klCoefficient, observation, valueTarget } = learner;
  const counts = { steps, learningRate, klCoefficient, observation: observation.count, valueTarget: valueTarget.count };
  return { spec, learner: counts };
}

/** Its numbers, each under the policy's name. */
export function policyTensors(
  { spec: { name }, learner }: PolicyCheckpoint,
  { acting, window }: PolicyNumbers,
): [name: string, data: TensorData][] {
  return [
    [`${name}/weights`, learner.weights],
    [`${name}/acting`, acting],
    [`${name}/adam.firstMoment`, learner.firstMoment],
    [`${name}/adam.secondMoment`, learner.secondMoment],
    ...MOMENTS.flatMap((moments): [string, TensorData][] => [
      [`${name}/${moments}.mean`, learner[moments].mean],
      [`${name}/${moments}.squares`, learner[moments].squares],
    ]),
    [`${name}/returns`, Float64Array.from(window.returns)],
    [`${name}/lengths`, Int32Array.from(window.lengths)],
  ];
}

/** Reads a policy; all of it fits together. `floats` is what the file has room for. */
export function readPolicy(
  { spec, learner }: PolicyEntry,
  numbers: CheckpointNumbers,
  floats: number,
): PolicyCheckpoint & PolicyNumbers {
  const { who } = numbers;
  const fault = findSpecFault(spec, floats);
  if (fault) throw refuseCheckpoint(who, `has an invalid policy description: ${fault}`);
  const { name } = spec;
  const sizes = measureLayout(spec.layout);
  const layout = weightLayout(sizes, spec.network);
  const weights = (which: 'weights' | 'acting') => {
    const values = numbers.take(`${name}/${which}`, Float32Array, layout.size);
    const unfit = findWeightFault(layout, spec.observationClip, values);
    if (unfit) throw refuseCheckpoint(who, `${unfit}, in "${name}/${which}"`);
    return values;
  };
  const trained = layout.size - layout.trainable;
  const moments = (which: (typeof MOMENTS)[number], size: number): Moments => ({
    count: learner[which],
    mean: numbers.take(`${name}/${which}.mean`, Float64Array, size),
    squares: numbers.take(`${name}/${which}.squares`, Float64Array, size),
  });
  return {
    spec,
    learner: {
      weights: weights('weights'),
      firstMoment: numbers.take(`${name}/adam.firstMoment`, Float32Array, trained),
      secondMoment: numbers.take(`${name}/adam.secondMoment`, Float32Array, trained),
      steps: learner.steps,
      learningRate: learner.learningRate,
      klCoefficient: learner.klCoefficient,
      observation: moments('observation', sizes.observation),
      valueTarget: moments('valueTarget', 1),
    },
    acting: weights('acting'),
    window: readWindow(name, numbers),
  };
}

function readWindow(name: string, numbers: CheckpointNumbers): ReturnWindow {
  const returns = numbers.take(`${name}/returns`, Float64Array);
  const lengths = numbers.take(`${name}/lengths`, Int32Array, returns.length);
  if (returns.length > RETURN_WINDOW)
    throw refuseCheckpoint(
      numbers.who,
      `holds ${returns.length} returns in "${name}/returns", and keeps ${RETURN_WINDOW}`,
    );
  return { returns: [...returns], lengths: [...lengths] };
}
