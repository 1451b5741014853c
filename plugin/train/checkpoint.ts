import * as v from 'valibot';
import { AgentsError, messageOf } from '../core/errors.ts';
import { isCurriculum, type Lessons, type ParameterSettings } from '../core/parameters.ts';
import { parseJson } from '../policy/json-shape.ts';
import type { PolicySpec } from '../policy/policy.ts';
import { CHECKPOINT_ENTRY, POLICY_ENTRY } from '../policy/policy-file.ts';
import { readTensors, type TensorFile, writeTensors } from '../policy/safetensors.ts';
import { writeJson } from '../policy/write-json.ts';
import { historyTensors, readHistory } from './checkpoint-history.ts';
import { CheckpointNumbers, refuseCheckpoint } from './checkpoint-numbers.ts';
import {
  describePolicy,
  POLICY_DESCRIPTION,
  type PolicyCheckpoint,
  policyTensors,
  readPolicy,
} from './checkpoint-policy.ts';
import { type CurriculumState, type LessonState, lessonsOf } from './curriculum.ts';
import type { ProgressState } from './progress.ts';
import type { RolloutOrder } from './rollout-pool.ts';
import { policyFileNames } from './run-store.ts';
import { requireSettings, settingsOfPolicy, type TrainingSettings } from './settings.ts';
import { WORLD_FACTS, type WorldFacts } from './world-facts.ts';
import type { PoolHistory } from './world-log.ts';

/** All that a run needs to resume as if it had never stopped. */
export interface Checkpoint {
  /** name of the environment */
  readonly environment: string;
  /** the environment as it was; what was done in it is lived through again only where it is the same */
  readonly world: WorldFacts;
  /** the run’s settings */
  readonly settings: TrainingSettings;
  /** mean return that ends the run; null when its other limits do */
  readonly goal: number | null;
  /** the policies that learn */
  readonly policies: readonly PolicyCheckpoint[];
  /** the run’s totals */
  readonly progress: ProgressState;
  /** progress through the lessons */
  readonly curriculum: CurriculumState;
  /** what the next rollout is collected with: with `overlap`, the policies and the lessons before the last update */
  readonly next: RolloutOrder;
  /** what the workers have done since their worlds were built: worlds are not saved but replayed */
  readonly history: PoolHistory;
}

const VERSION = 5;
/** of the description: an interval of a sampler of a lesson of a setting is a list ten levels down */
const DEPTH = 10;

/** Writes a checkpoint as a safetensors file. */
export function writeCheckpoint({
  environment,
  world,
  settings,
  goal,
  policies,
  progress: { windows, ...progress },
  curriculum,
  next,
  history,
}: Checkpoint): Uint8Array {
  const taught = Object.keys(curriculum);
  const tensors = [
    ...policies.flatMap((policy, p) => policyTensors(policy, { acting: next.weights[p], window: windows[p] })),
    ...taught.map((name, i) => [`curriculum.${i}.returns`, Float64Array.from(curriculum[name].returns)] as const),
    ...historyTensors(history, taught),
  ];
  const lessonStates = taught.map((name) => {
    const { lesson, smoothed } = curriculum[name];
    return [name, { lesson, smoothed }] as const;
  });
  const description = {
    version: VERSION,
    environment,
    world,
    settings,
    goal,
    policies: policies.map(describePolicy),
    progress,
    curriculum: Object.fromEntries(lessonStates),
    next: next.lessons,
    generation: history.generation,
    rollouts: history.lessons.length,
  };
  return writeTensors({
    metadata: { [CHECKPOINT_ENTRY]: writeJson(description, DEPTH) },
    tensors: new Map(tensors.map(([name, data]) => [name, { shape: [data.length], data }])),
  });
}

const number = v.pipe(v.number(), v.finite());
const amount = v.pipe(number, v.minValue(0));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const DESCRIPTION = v.object({
  version: v.literal(VERSION),
  environment: v.string(),
  world: WORLD_FACTS,
  settings: v.custom<Partial<TrainingSettings>>((value) => typeof value === 'object' && value !== null),
  goal: v.nullable(number),
  policies: v.pipe(v.array(POLICY_DESCRIPTION), v.minLength(1)),
  progress: v.object({
    updates: count,
    decisions: count,
    physicsSteps: count,
    episodes: count,
    seconds: amount,
    solvedAtSeconds: v.nullable(amount),
    solvedAtDecisions: v.nullable(count),
  }),
  curriculum: v.record(v.string(), v.object({ lesson: count, smoothed: v.nullable(number) })),
  next: v.record(v.string(), count),
  generation: count,
  rollouts: count,
});

/** Reads a checkpoint; `who` names it in errors. All of it fits together: a run can resume from what comes back. */
export function readCheckpoint(file: Uint8Array, who: string): Checkpoint {
  const { metadata, tensors } = readTensors(file, who);
  const { environment, world, goal, progress, next, generation, rollouts, ...described } = parseDescription(
    metadata,
    who,
  );
  const numbers = new CheckpointNumbers(tensors, who);
  const room = file.length / Float32Array.BYTES_PER_ELEMENT;
  const policies = described.policies.map((policy) => readPolicy(policy, numbers, room));
  const specs = policies.map(({ spec }) => spec);
  requireFileNames(specs, who);
  const settings = readSettings(described.settings, specs, who);
  const { workers } = settings;
  const curriculum = readCurriculum(described.curriculum, numbers);
  const taught = Object.keys(curriculum);
  const history = readHistory({ generation, workers, rollouts, specs, taught }, numbers);
  requireLessons(settings.parameters, [next, lessonsOf(curriculum), ...history.lessons], who);
  return {
    environment,
    world,
    goal,
    settings,
    policies: policies.map(({ spec, learner }) => ({ spec, learner })),
    progress: { ...progress, windows: policies.map(({ window }) => window) },
    curriculum,
    next: { weights: policies.map(({ acting }) => acting), lessons: next },
    history,
  };
}

function parseDescription(metadata: TensorFile['metadata'], who: string): v.InferOutput<typeof DESCRIPTION> {
  if (Object.hasOwn(metadata, POLICY_ENTRY))
    throw new AgentsError(`${who} is a policy file, but no checkpoint. Point at the checkpoint of a run.`);
  if (!Object.hasOwn(metadata, CHECKPOINT_ENTRY))
    throw new AgentsError(`${who} is a safetensors file, but no checkpoint. Point at the checkpoint of a run.`);
  const description = parseJson(metadata[CHECKPOINT_ENTRY], DEPTH);
  const { version } = Object(description);
  if (Number.isSafeInteger(version) && version !== VERSION)
    throw new AgentsError(
      `${who} has format version ${version}, and this babylon-agents resumes version ${VERSION} only. Resume it with the version of babylon-agents that wrote it, or start the run again.`,
    );
  const parsed = v.safeParse(DESCRIPTION, description, { abortEarly: true });
  if (parsed.success) return parsed.output;
  throw refuseCheckpoint(
    who,
    `has an unreadable "${v.getDotPath(parsed.issues[0]) ?? CHECKPOINT_ENTRY}" in its description`,
  );
}

/** The settings, with the defaults of those that an older run did not know; they must ask for the networks that are there. */
function readSettings(given: Partial<TrainingSettings>, specs: readonly PolicySpec[], who: string): TrainingSettings {
  let settings: TrainingSettings;
  try {
    settings = requireSettings(given);
  } catch (error) {
    throw refuseCheckpoint(who, `holds invalid settings: ${messageOf(error).replace('[agents] ', '')}`, error);
  }
  for (const { name, network, observationClip } of specs) {
    const own = settingsOfPolicy(settings, name);
    const asked = JSON.stringify([own.hidden, own.activation, own.critic, own.observationClip]);
    const found = JSON.stringify([network.hidden, network.activation, network.critic, observationClip]);
    if (asked !== found) throw refuseCheckpoint(who, `holds a policy of ${found}, and its settings ask for ${asked}`);
  }
  if (settings.workers === 0) throw refuseCheckpoint(who, 'does not say how many workers it had');
  return settings;
}

/** Policies are written under their names, so that these must be none that lead elsewhere. */
function requireFileNames(specs: readonly PolicySpec[], who: string): void {
  try {
    policyFileNames(specs.map(({ name }) => name));
  } catch (error) {
    throw refuseCheckpoint(who, `holds invalid policies: ${messageOf(error).replace('[agents] ', '')}`, error);
  }
}

/** How far every parameter is in its lessons. */
function readCurriculum(
  described: Readonly<Record<string, Omit<LessonState, 'returns'>>>,
  numbers: CheckpointNumbers,
): CurriculumState {
  const states = Object.entries(described).map(([name, state], i) => {
    const returns = [...numbers.take(`curriculum.${i}.returns`, Float64Array)];
    return [name, { ...state, returns }] as const;
  });
  return Object.fromEntries(states);
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
      throw refuseCheckpoint(who, `is at the lessons ${JSON.stringify(lessons)}, which its settings do not have`);
  }
}
