import * as v from 'valibot';
import { AgentsError, messageOf } from '../core/errors.ts';
import { type LayoutSizes, measureLayout } from '../core/layout.ts';
import { isCurriculum, type Lessons, type ParameterSettings } from '../core/parameters.ts';
import type { Moments } from '../core/running-statistics.ts';
import type { LearnerState } from '../learn/learner.ts';
import { LEARNER_DEFAULTS } from '../learn/settings.ts';
import { parseJson } from '../policy/json-shape.ts';
import { findParameterFault, parameterLayout } from '../policy/network.ts';
import type { PolicySpec } from '../policy/policy.ts';
import { CHECKPOINT_ENTRY, POLICY_ENTRY } from '../policy/policy-file.ts';
import { findSpecFault } from '../policy/policy-spec.ts';
import { readTensors, type Tensor, type TensorData, type TensorFile, writeTensors } from '../policy/safetensors.ts';
import { type CurriculumState, type LessonState, lessonsOf } from './curriculum.ts';
import { type ProgressState, RETURN_WINDOW } from './progress.ts';
import type { PoolHistory, RolloutOrder } from './rollout-pool.ts';
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
  readonly curriculum: CurriculumState;
  /** what the next rollout is collected with: with `overlap`, the policy and the lessons before the last update */
  readonly next: RolloutOrder;
  /** what the workers have done since their worlds were built: these are not saved but lived through again */
  readonly history: PoolHistory;
}

const VERSION = 3;
/** of the description: an interval of a sampler of a lesson of a setting is a list ten levels down */
const DEPTH = 10;
const MOMENTS = ['observation', 'valueTarget'] as const;

/** Writes a checkpoint as a safetensors file. */
export function writeCheckpoint({
  environment,
  settings,
  goal,
  spec,
  progress,
  learner,
  curriculum,
  next,
  history,
}: Checkpoint): Uint8Array {
  const tensors = new Map<string, Tensor>();
  const add = (name: string, data: TensorData) => tensors.set(name, { shape: [data.length], data });
  add('parameters', learner.parameters);
  add('acting', next.parameters);
  add('adam.firstMoment', learner.firstMoment);
  add('adam.secondMoment', learner.secondMoment);
  for (const name of MOMENTS) {
    add(`${name}.mean`, learner[name].mean);
    add(`${name}.squares`, learner[name].squares);
  }
  const taught = Object.keys(curriculum);
  taught.forEach((name, i) => void add(`curriculum.${i}.returns`, Float64Array.from(curriculum[name].returns)));
  add('history.lessons', Int32Array.from(history.lessons.flatMap((lessons) => taught.map((name) => lessons[name]))));
  history.actions.forEach((rollouts, worker) => {
    rollouts.forEach(({ continuousAction, discreteAction }, i) => {
      add(`history.${worker}.${i}.continuous`, continuousAction);
      add(`history.${worker}.${i}.discrete`, discreteAction);
    });
  });
  const { steps, learningRate, klCoefficient, observation, valueTarget } = learner;
  const counts = { steps, learningRate, klCoefficient, observation: observation.count, valueTarget: valueTarget.count };
  const description = {
    version: VERSION,
    environment,
    settings,
    goal,
    spec,
    progress,
    learner: counts,
    curriculum: Object.fromEntries(
      Object.entries(curriculum).map(([name, { lesson, smoothed }]) => [name, { lesson, smoothed }]),
    ),
    next: next.lessons,
    generation: history.generation,
    rollouts: history.lessons.length,
  };
  return writeTensors({ metadata: { [CHECKPOINT_ENTRY]: JSON.stringify(description) }, tensors });
}

const number = v.pipe(v.number(), v.finite());
const amount = v.pipe(number, v.minValue(0));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const object = <T>() => v.custom<T>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
const DESCRIPTION = v.object({
  version: v.literal(VERSION),
  environment: v.string(),
  settings: object<Partial<TrainingSettings>>(),
  goal: v.nullable(number),
  spec: object<PolicySpec>(),
  progress: v.object({
    updates: count,
    decisions: count,
    physicsSteps: count,
    episodes: count,
    seconds: amount,
    returns: v.pipe(v.array(number), v.maxLength(RETURN_WINDOW)),
    lengths: v.pipe(v.array(count), v.maxLength(RETURN_WINDOW)),
    solvedAtSeconds: v.nullable(amount),
    solvedAtDecisions: v.nullable(count),
  }),
  learner: v.object({
    steps: count,
    learningRate: amount,
    /** runs of before there were objectives to choose from had none */
    klCoefficient: v.optional(amount, LEARNER_DEFAULTS.klCoefficient),
    observation: count,
    valueTarget: count,
  }),
  curriculum: v.record(v.string(), v.object({ lesson: count, smoothed: v.nullable(number) })),
  next: v.record(v.string(), count),
  generation: count,
  rollouts: count,
});

/** Reads a checkpoint; `who` names it in errors. All of it fits together: a run can go on from what comes back. */
export function readCheckpoint(file: Uint8Array, who: string): Checkpoint {
  const { metadata, tensors } = readTensors(file, who);
  const { environment, goal, progress, spec, learner, next, generation, rollouts, ...described } = parseDescription(
    metadata,
    who,
  );
  const fault = findSpecFault(spec, file.length / Float32Array.BYTES_PER_ELEMENT);
  if (fault) throw refuse(who, `describes no policy: ${fault}`);
  const sizes = measureLayout(spec.layout);
  const layout = parameterLayout(sizes, spec.network);
  const numbers = new Numbers(tensors, who);
  const parameters = (name: string) => {
    const values = numbers.take(name, Float32Array, layout.size);
    const unfit = findParameterFault(layout, spec.normaliserClip, values);
    if (unfit) throw refuse(who, `${unfit}, in "${name}"`);
    return values;
  };
  const moments = (name: (typeof MOMENTS)[number], size: number): Moments => ({
    count: learner[name],
    mean: numbers.take(`${name}.mean`, Float64Array, size),
    squares: numbers.take(`${name}.squares`, Float64Array, size),
  });
  const settings = readSettings(described.settings, spec, who);
  const curriculum = readCurriculum(described.curriculum, numbers);
  const actions = readActions(settings.workers, rollouts, numbers, sizes, who);
  const lessons = readLessons(Object.keys(curriculum), rollouts, numbers);
  requireLessons(settings.parameters, [next, lessonsOf(curriculum), ...lessons], who);
  return {
    environment,
    goal,
    settings,
    spec,
    progress,
    learner: {
      parameters: parameters('parameters'),
      firstMoment: numbers.take('adam.firstMoment', Float32Array, layout.size - layout.trainable),
      secondMoment: numbers.take('adam.secondMoment', Float32Array, layout.size - layout.trainable),
      steps: learner.steps,
      learningRate: learner.learningRate,
      klCoefficient: learner.klCoefficient,
      observation: moments('observation', sizes.observation),
      valueTarget: moments('valueTarget', 1),
    },
    curriculum,
    next: { parameters: parameters('acting'), lessons: next },
    history: { generation, lessons, actions },
  };
}

function parseDescription(metadata: TensorFile['metadata'], who: string): v.InferOutput<typeof DESCRIPTION> {
  if (Object.hasOwn(metadata, POLICY_ENTRY))
    throw new AgentsError(`${who} is a policy file, but no checkpoint. Point at the checkpoint of a run.`);
  if (!Object.hasOwn(metadata, CHECKPOINT_ENTRY))
    throw new AgentsError(`${who} is a safetensors file, but no checkpoint. Point at the checkpoint of a run.`);
  const parsed = v.safeParse(DESCRIPTION, parseJson(metadata[CHECKPOINT_ENTRY], DEPTH), { abortEarly: true });
  if (parsed.success) return parsed.output;
  throw new AgentsError(
    `${who} has an unreadable "${v.getDotPath(parsed.issues[0]) ?? CHECKPOINT_ENTRY}". It is of another version: start the run again.`,
  );
}

/** The settings, with the defaults of those that an older run did not know; they must ask for the network that is there. */
function readSettings(given: Partial<TrainingSettings>, spec: PolicySpec, who: string): TrainingSettings {
  let settings: TrainingSettings;
  try {
    settings = requireSettings(given);
  } catch (error) {
    throw refuse(who, `holds settings that cannot be: ${messageOf(error).replace('[agents] ', '')}`, error);
  }
  const { hidden, activation, critic, normaliserClip } = settings;
  const asked = JSON.stringify([hidden, activation, critic, normaliserClip]);
  const { network } = spec;
  const found = JSON.stringify([network.hidden, network.activation, network.critic, spec.normaliserClip]);
  if (asked !== found) throw refuse(who, `holds a policy of ${found}, and its settings ask for ${asked}`);
  if (settings.workers === 0) throw refuse(who, 'does not say how many workers it had');
  return settings;
}

/** Throws when lessons are not those of the settings' curricula. */
function requireLessons(settings: ParameterSettings, all: readonly Lessons[], who: string): void {
  const counts = new Map(
    Object.entries(settings).flatMap(([name, setting]) =>
      isCurriculum(setting) ? [[name, setting.lessons.length] as const] : [],
    ),
  );
  for (const lessons of all) {
    const sound = Object.entries(lessons).every(([name, lesson]) => lesson >= 0 && lesson < (counts.get(name) ?? 0));
    if (!sound || Object.keys(lessons).length !== counts.size)
      throw refuse(who, `is at the lessons ${JSON.stringify(lessons)}, which its settings do not have`);
  }
}

/** How far every parameter is in its lessons. */
function readCurriculum(
  described: Readonly<Record<string, Omit<LessonState, 'returns'>>>,
  numbers: Numbers,
): CurriculumState {
  const states = Object.entries(described).map(([name, state], i) => {
    const returns = [...numbers.take(`curriculum.${i}.returns`, Float64Array)];
    return [name, { ...state, returns }] as const;
  });
  return Object.fromEntries(states);
}

/** The lessons of every rollout. */
function readLessons(names: readonly string[], rollouts: number, numbers: Numbers): Lessons[] {
  const flat = numbers.take('history.lessons', Int32Array, rollouts * names.length);
  return Array.from({ length: rollouts }, (_, i) =>
    Object.fromEntries(names.map((name, at) => [name, flat[i * names.length + at]])),
  );
}

/** The actions of every rollout of every worker; those of one rollout must be as many of each kind. */
function readActions(
  workers: number,
  rollouts: number,
  numbers: Numbers,
  { continuous, branches }: LayoutSizes,
  who: string,
): ActionLog[][] {
  return Array.from({ length: workers }, (_, worker) => {
    const log: ActionLog[] = [];
    for (let i = 0; i < rollouts; i++) {
      const name = `history.${worker}.${i}`;
      const continuousAction = numbers.take(`${name}.continuous`, Float32Array);
      const discreteAction = numbers.take(`${name}.discrete`, Int32Array);
      const rows = continuous > 0 ? continuousAction.length / continuous : discreteAction.length / branches.length;
      if (continuousAction.length !== rows * continuous || discreteAction.length !== rows * branches.length)
        throw refuse(who, `holds ${continuousAction.length} and ${discreteAction.length} numbers in "${name}"`);
      for (let at = 0; at < discreteAction.length; at++)
        if (!(discreteAction[at] >= 0 && discreteAction[at] < branches[at % branches.length]))
          throw refuse(who, `holds choice ${discreteAction[at]} in "${name}", which is none`);
      log.push({ continuousAction, discreteAction });
    }
    return log;
  });
}

/** The tensors of a checkpoint, each as what it must be. */
class Numbers {
  readonly #tensors: TensorFile['tensors'];
  readonly #who: string;

  constructor(tensors: TensorFile['tensors'], who: string) {
    this.#tensors = tensors;
    this.#who = who;
  }

  /** Numbers that are of a kind, finite, and as many as is said, if that is known. */
  take<T extends TensorData>(name: string, kind: new (size: number) => T, size?: number): T {
    const tensor = this.#tensors.get(name);
    if (!tensor) throw refuse(this.#who, `lacks "${name}"`);
    const { data } = tensor;
    if (!(data instanceof kind) || data.length !== (size ?? data.length))
      throw refuse(
        this.#who,
        `holds "${name}" as ${data.constructor.name} [${data.length}] and not as ${kind.name} [${size ?? 'any'}]`,
      );
    for (let i = 0; i < data.length; i++)
      if (!Number.isFinite(data[i])) throw refuse(this.#who, `holds ${data[i]} in "${name}"`);
    return data;
  }
}

function refuse(who: string, why: string, cause?: unknown): AgentsError {
  return new AgentsError(`${who} ${why}. Start the run again.`, { cause });
}
