import * as v from 'valibot';
import { didYouMean } from '../core/did-you-mean.ts';
import { AgentsError } from '../core/errors.ts';
import { LEAST_OBSERVATION_CLIP, MOST_AREAS, MOST_OBSERVATION_CLIP } from '../core/limits.ts';
import type { Parameterized, ParameterSettings } from '../core/parameters.ts';
import { LEARNER_DEFAULTS, type LearnerSettings, OBJECTIVES } from '../learn/settings.ts';
import { ACTIVATIONS, type Activation } from '../policy/network.ts';
import { MIRROR_IMAGE } from './mirror-schema.ts';
import { exactPartial, objectOf } from './object-schema.ts';
import { OPTION_NAMES } from './option-schema.ts';
import { PARAMETER } from './parameter-schema.ts';
import { showOption } from './show-option.ts';

/** What concerns one policy alone: each policy of a run may have settings of its own. */
export interface PolicySettings extends LearnerSettings {
  /** What a reward is worth one decision later: near 1 looks far ahead. γ. */
  readonly discount: number;
  /** How much to trust actual rewards (1) over predicted values (0). λ of advantage estimation. */
  readonly lambda: number;
  /**
   * Widths of the hidden layers.
   *
   * @unit units
   */
  readonly hidden: readonly number[];
  /** What each hidden unit does with its weighted sum. */
  readonly activation: Activation;
  /** Whether the policy and the value share their hidden layers. */
  readonly critic: 'shared' | 'separate';
  /**
   * Normalized observations are clipped to ± this.
   *
   * @unit deviations
   */
  readonly observationClip: number;
}

/** Everything that decides what a run computes; plain data, kept in its checkpoints. */
export interface TrainingSettings<Of extends Parameterized = Parameterized> extends PolicySettings {
  /** The same seed with the same settings learns the same policy. Seeds every stream of chance in the run. */
  readonly seed: number;
  /**
   * Number of threads that collect experience; 0 takes one per core, 8 at most.
   *
   * @unit threads
   */
  readonly workers: number;
  /**
   * Copies of the environment that collect experience at once, shared out among the workers.
   *
   * @unit copies
   */
  readonly areas: number;
  /**
   * Whether to cut the first episode of each area short at a random decision, so that areas do not all end at once.
   * For tasks whose episodes are all as long (Rudin et al. 2022). These first episodes are learned from but not
   * counted.
   */
  readonly stagger: boolean;
  /**
   * Decisions of every agent between two updates. T.
   *
   * @unit decisions
   */
  readonly horizon: number;
  /**
   * Whether workers collect the next rollout while the learner works on the last. They then act with the policy
   * before that update.
   */
  readonly overlap: boolean;
  /**
   * The budget: training ends after this many decisions, summed over all agents.
   *
   * @unit decisions
   */
  readonly maxDecisions: number;
  /** Where gradients are computed; `auto` takes WebGPU on a real GPU, else WebAssembly. */
  readonly backend: 'auto' | 'webgpu' | 'wasm' | 'cpu';
  /** Overrides of the environment's own parameters: numbers, samplers that every episode draws from, or lessons. */
  readonly parameters: ParameterSettings<Of['parameters']>;
  /** Settings of single policies, by name, where they differ from the others'. */
  readonly policies: Readonly<Record<string, Partial<PolicySettings>>>;
}

/**
 * What an environment's author trains it with, where that differs from the defaults. `TrainingPreset<typeof roller>`
 * checks the names of its parameters.
 */
export interface TrainingPreset<Of extends Parameterized = Parameterized> extends Partial<TrainingSettings<Of>> {
  /**
   * The goal: training ends when the last 100 episodes return this much on average. A run that is given no limit
   * takes it from here.
   *
   * @unit mean return
   */
  readonly until?: number;
}

/** The defaults of every setting. */
export const TRAINING_DEFAULTS: TrainingSettings = {
  ...LEARNER_DEFAULTS,
  discount: 0.99,
  lambda: 0.95,
  hidden: [64, 64],
  activation: 'tanh',
  critic: 'shared',
  observationClip: 10,
  seed: 1,
  workers: 0,
  areas: 64,
  stagger: false,
  horizon: 64,
  overlap: true,
  maxDecisions: 1_000_000,
  backend: 'auto',
  parameters: {},
  policies: {},
};

/** Every message below ends the sentence "It must be …". */
const number = (what: string) => v.pipe(v.number(what), v.finite(what));
const whole = (what: string) => v.pipe(v.number(what), v.safeInteger(what));
const between = (low: number, high: number, what = `a number from ${low} to ${high}`) =>
  v.pipe(number(what), v.minValue(low, what), v.maxValue(high, what));
const choice = <const Names extends readonly string[]>(...names: Names) =>
  v.picklist(names, `one of ${names.join(', ')}`);

const COUNT = 'an integer above 0';
const count = v.pipe(whole(COUNT), v.gtValue(0, COUNT));
const share = between(0, 1);
const AMOUNT = 'a finite number, 0 or more';
const amount = v.pipe(number(AMOUNT), v.minValue(0, AMOUNT));
const POSITIVE = 'a finite number above 0';
const positive = v.pipe(number(POSITIVE), v.gtValue(0, POSITIVE));
const flag = v.boolean('true or false');
const AREAS = `an integer from 1 to ${MOST_AREAS}`;
const WORKERS = 'an integer from 0 to 64';

const POLICY = objectOf({
  learningRate: positive,
  learningRateSchedule: choice('linear', 'adaptive', 'constant'),
  targetKl: positive,
  objective: choice(...OBJECTIVES),
  clip: positive,
  klCoefficient: amount,
  epochs: count,
  minibatch: count,
  entropyCoefficient: amount,
  valueCoefficient: amount,
  valueClip: amount,
  maxGradientNorm: positive,
  normalizeAdvantage: flag,
  normalizeObservation: flag,
  normalizeValue: flag,
  initialLogDeviation: between(-5, 2),
  mirrors: v.pipe(v.array(MIRROR_IMAGE, 'a list of images'), v.maxLength(100, 'a list of 100 images at most')),
  discount: share,
  lambda: share,
  hidden: v.array(count, 'a list of integers above 0'),
  activation: choice(...ACTIVATIONS),
  critic: choice('shared', 'separate'),
  observationClip: between(LEAST_OBSERVATION_CLIP, MOST_OBSERVATION_CLIP),
}) satisfies v.GenericSchema<unknown, PolicySettings>;

const SCHEMA = objectOf({
  ...POLICY.entries,
  seed: whole('an integer'),
  workers: v.pipe(whole(WORKERS), between(0, 64, WORKERS)),
  areas: v.pipe(whole(AREAS), between(1, MOST_AREAS, AREAS)),
  stagger: flag,
  horizon: count,
  overlap: flag,
  maxDecisions: count,
  backend: choice('auto', 'webgpu', 'wasm', 'cpu'),
  parameters: v.record(v.string(), PARAMETER, 'an object of numbers, samplers and lessons'),
  policies: v.record(v.string(), exactPartial(POLICY), 'an object of settings by policy'),
}) satisfies v.GenericSchema<unknown, TrainingSettings>;

/** The rule of a setting, by its path: `hidden`, or `policies`, the name of one, `hidden`. */
export function settingSchema([setting, , ofPolicy]: readonly string[]): v.GenericSchema | undefined {
  const entries: v.ObjectEntries = ofPolicy === undefined ? SCHEMA.entries : POLICY.entries;
  const name = ofPolicy ?? setting;
  return Object.hasOwn(entries, name) ? (entries[name] as v.GenericSchema) : undefined;
}

/** Lays settings over one another, later ones first, over the defaults, parameters and policies one by one; names the setting, its value and what it may be when one is wrong. */
export function requireSettings(...layers: readonly Partial<TrainingSettings>[]): TrainingSettings {
  const given = layers.map((layer) =>
    Object.fromEntries(Object.entries(layer).filter(([, value]) => value !== undefined)),
  );
  const result = v.safeParse(
    SCHEMA,
    Object.assign({}, TRAINING_DEFAULTS, ...given, {
      parameters: mergeEntries('parameters', given),
      policies: mergeEntries('policies', given),
    }),
  );
  if (result.success) return withEpochsOfObjective(result.output);
  const [issue] = result.issues;
  const path = issue.path?.map(({ key }) => String(key)) ?? [];
  if (issue.expected === 'never') throw refuseUnknown(path, issue.message.split(', '));
  throw new AgentsError(
    `Setting "${path.join('.')}" is ${showOption(issue.path?.at(-1)?.value)}. It must be ${issue.message}.`,
  );
}

/** An entry that nothing knows; beside settings stands `until`, and what else train() is told may be meant. */
function refuseUnknown(path: readonly string[], known: readonly string[]): AgentsError {
  const top = path.length === 1;
  const names = top ? [...known, 'until'] : known;
  const meant = didYouMean(path.at(-1) ?? '', top ? [...names, ...OPTION_NAMES] : names);
  return new AgentsError(`Unknown setting "${path.join('.')}".${meant} There are: ${names.join(', ')}.`);
}

/** The policy gradient says nothing about samples that an older policy drew: with it each rollout is learned from once. */
function withEpochsOfObjective<T extends Pick<LearnerSettings, 'objective' | 'epochs'>>(settings: T): T {
  return settings.objective === 'policy-gradient' ? { ...settings, epochs: 1 } : settings;
}

/** The settings of one policy of a run: those of all, and its own over them. */
export function settingsOfPolicy({ policies, ...settings }: TrainingSettings, policy: string): PolicySettings {
  return withEpochsOfObjective({ ...settings, ...(Object.hasOwn(policies, policy) && policies[policy]) });
}

/** A setting that is an object by names, of all layers in one; what is none stands as it is, for the schema to complain about. */
function mergeEntries(setting: 'parameters' | 'policies', layers: readonly Record<string, unknown>[]): unknown {
  const given = layers.filter((layer) => setting in layer).map((layer) => layer[setting]);
  const isObject = (value: unknown) => typeof value === 'object' && value !== null;
  if (!given.every(isObject)) return given.find((value) => !isObject(value));
  if (setting === 'parameters') return Object.assign({}, ...given);
  const merged: Record<string, unknown> = {};
  for (const [policy, own] of given.flatMap((layer) => Object.entries(layer as object)))
    merged[policy] = isObject(own) && isObject(merged[policy]) ? { ...(merged[policy] as object), ...own } : own;
  return merged;
}
