import * as v from 'valibot';
import { AgentsError } from '../core/errors.ts';
import type { Moments } from '../core/running-statistics.ts';
import type { LearnerState } from '../learn/learner.ts';
import type { PolicySpec } from '../policy/policy.ts';
import { CHECKPOINT_ENTRY, POLICY_ENTRY } from '../policy/policy-file.ts';
import { readTensors, type Tensor, type TensorData, writeTensors } from '../policy/safetensors.ts';
import type { ProgressState } from './progress.ts';
import { requireSettings, type TrainingSettings } from './settings.ts';
import type { ActionLog } from './worker-protocol.ts';

/** All that a run needs to go on as if it had never stopped. */
export interface Checkpoint {
  readonly environment: string;
  readonly settings: TrainingSettings;
  /** mean return that ends the run; null when its other limits do */
  readonly goal: number | null;
  readonly spec: PolicySpec;
  readonly progress: ProgressState;
  readonly learner: LearnerState;
  /** [P] what the next rollout is collected with: with `overlap`, the policy before the last update */
  readonly acting: Float32Array;
  /** how often the worlds were built anew */
  readonly generation: number;
  /** what every worker has done since then, rollout by rollout: worlds are not saved but lived through again */
  readonly history: readonly (readonly ActionLog[])[];
}

const VERSION = 2;
const MOMENTS = ['observation', 'valueTarget'] as const;

/** Writes a checkpoint as a safetensors file. */
export function writeCheckpoint({
  environment,
  settings,
  goal,
  spec,
  progress,
  learner,
  acting,
  generation,
  history,
}: Checkpoint): Uint8Array {
  const tensors = new Map<string, Tensor>();
  const add = (name: string, data: TensorData) => tensors.set(name, { shape: [data.length], data });
  add('parameters', learner.parameters);
  add('acting', acting);
  add('adam.firstMoment', learner.firstMoment);
  add('adam.secondMoment', learner.secondMoment);
  for (const name of MOMENTS) {
    add(`${name}.mean`, learner[name].mean);
    add(`${name}.squares`, learner[name].squares);
  }
  history.forEach((rollouts, worker) => {
    rollouts.forEach(({ continuousAction, discreteAction }, i) => {
      add(`history.${worker}.${i}.continuous`, continuousAction);
      add(`history.${worker}.${i}.discrete`, discreteAction);
    });
  });
  const { steps, learningRate, observation, valueTarget } = learner;
  const counts = { steps, learningRate, observation: observation.count, valueTarget: valueTarget.count };
  const rollouts = history.map((worker) => worker.length);
  const description = {
    version: VERSION,
    environment,
    settings,
    goal,
    spec,
    progress,
    learner: counts,
    generation,
    rollouts,
  };
  return writeTensors({ metadata: { [CHECKPOINT_ENTRY]: JSON.stringify(description) }, tensors });
}

const number = v.number();
const DESCRIPTION = v.object({
  version: v.literal(VERSION),
  environment: v.string(),
  settings: v.custom<Partial<TrainingSettings>>((value) => typeof value === 'object' && value !== null),
  goal: v.nullable(number),
  spec: v.custom<PolicySpec>((value) => typeof value === 'object' && value !== null),
  progress: v.object({
    updates: number,
    decisions: number,
    physicsSteps: number,
    episodes: number,
    seconds: number,
    returns: v.array(number),
    lengths: v.array(number),
    solvedAtSeconds: v.nullable(number),
    solvedAtDecisions: v.nullable(number),
  }),
  learner: v.object({ steps: number, learningRate: number, observation: number, valueTarget: number }),
  generation: number,
  rollouts: v.array(number),
});

/** Reads a checkpoint; `who` names it in errors. */
export function readCheckpoint(file: Uint8Array, who: string): Checkpoint {
  const { metadata, tensors } = readTensors(file, who);
  if (POLICY_ENTRY in metadata)
    throw new AgentsError(`${who} is a policy file, but no checkpoint. Point at the checkpoint of a run.`);
  const text = metadata[CHECKPOINT_ENTRY];
  if (text === undefined)
    throw new AgentsError(`${who} is a safetensors file, but no checkpoint. Point at the checkpoint of a run.`);
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), DESCRIPTION), text);
  if (!parsed.success)
    throw new AgentsError(
      `${who} has an unreadable "${v.getDotPath(parsed.issues[0]) ?? CHECKPOINT_ENTRY}". It is of another version: start the run again.`,
    );
  const { environment, settings, goal, spec, progress, learner, generation, rollouts } = parsed.output;
  const take = <T extends TensorData>(name: string): T => {
    const tensor = tensors.get(name);
    if (!tensor) throw new AgentsError(`${who} lacks "${name}". Start the run again.`);
    return tensor.data as T;
  };
  const moments = (name: (typeof MOMENTS)[number]): Moments => ({
    count: learner[name],
    mean: take(`${name}.mean`),
    squares: take(`${name}.squares`),
  });
  return {
    environment,
    settings: requireSettings(settings),
    goal,
    spec,
    progress,
    learner: {
      parameters: take('parameters'),
      firstMoment: take('adam.firstMoment'),
      secondMoment: take('adam.secondMoment'),
      steps: learner.steps,
      learningRate: learner.learningRate,
      observation: moments('observation'),
      valueTarget: moments('valueTarget'),
    },
    acting: take('acting'),
    generation,
    history: rollouts.map((count, worker) =>
      Array.from({ length: count }, (_, i) => ({
        continuousAction: take<Float32Array>(`history.${worker}.${i}.continuous`),
        discreteAction: take<Int32Array>(`history.${worker}.${i}.discrete`),
      })),
    ),
  };
}
