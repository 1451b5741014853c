import * as v from 'valibot';
import { AgentsError } from '../core/errors.ts';
import { LEARNER_DEFAULTS, type LearnerSettings } from '../learn/settings.ts';
import type { Activation } from '../policy/network.ts';

/** Everything that decides what a run computes; plain data, kept in its checkpoints. */
export interface TrainingSettings extends LearnerSettings {
  /** seeds every stream of chance in the run */
  readonly seed: number;
  /** rollout workers; 0 = one for each core, 8 at most */
  readonly workers: number;
  /** copies of the environment, shared out among the workers */
  readonly areas: number;
  /** T, decisions of one rollout */
  readonly horizon: number;
  /** γ */
  readonly discount: number;
  /** λ of advantage estimation */
  readonly lambda: number;
  /** widths of the hidden layers */
  readonly hidden: readonly number[];
  readonly activation: Activation;
  readonly critic: 'shared' | 'separate';
  /** normalised observations are held in [−clip, clip] */
  readonly normaliserClip: number;
  /** the budget: decisions summed over agents */
  readonly maxDecisions: number;
  readonly backend: 'auto' | 'webgpu' | 'wasm' | 'cpu';
  /** overrides of the environment's own parameters */
  readonly parameters: Readonly<Record<string, number>>;
}

/** The defaults of every setting. */
export const TRAINING_DEFAULTS: TrainingSettings = {
  ...LEARNER_DEFAULTS,
  seed: 1,
  workers: 0,
  areas: 64,
  horizon: 64,
  discount: 0.99,
  lambda: 0.95,
  hidden: [64, 64],
  activation: 'tanh',
  critic: 'shared',
  normaliserClip: 10,
  maxDecisions: 1_000_000,
  backend: 'auto',
  parameters: {},
};

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));

const SCHEMA = v.strictObject({
  learningRate: positive,
  learningRateSchedule: v.picklist(['linear', 'adaptive', 'constant']),
  targetKl: positive,
  clip: positive,
  epochs: count,
  minibatch: count,
  entropyCoefficient: amount,
  valueCoefficient: amount,
  valueClip: amount,
  maxGradientNorm: positive,
  normaliseAdvantage: v.boolean(),
  normaliseObservation: v.boolean(),
  normaliseValue: v.boolean(),
  initialLogDeviation: v.pipe(v.number(), v.minValue(-5), v.maxValue(2)),
  seed: v.pipe(v.number(), v.integer()),
  workers: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(64)),
  areas: count,
  horizon: count,
  discount: share,
  lambda: share,
  hidden: v.array(count),
  activation: v.picklist(['tanh', 'relu', 'swish']),
  critic: v.picklist(['shared', 'separate']),
  normaliserClip: positive,
  maxDecisions: count,
  backend: v.picklist(['auto', 'webgpu', 'wasm', 'cpu']),
  parameters: v.record(v.string(), v.pipe(v.number(), v.finite())),
}) satisfies v.GenericSchema<unknown, TrainingSettings>;

/** Lays settings over one another, later ones first, over the defaults; names the setting, its value and what it may be when one is wrong. */
export function requireSettings(...layers: readonly Partial<TrainingSettings>[]): TrainingSettings {
  const given = layers.map((layer) => Object.fromEntries(Object.entries(layer).filter(([, value]) => value !== undefined)));
  const result = v.safeParse(SCHEMA, Object.assign({}, TRAINING_DEFAULTS, ...given));
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue) ?? '';
  if (!(path.split('.')[0] in TRAINING_DEFAULTS)) {
    throw new AgentsError(`No setting is called "${path}". There are: ${Object.keys(TRAINING_DEFAULTS).join(', ')}.`);
  }
  throw new AgentsError(`Setting "${path}" is ${issue.received}. It must be ${issue.expected ?? 'a number of its range'}.`);
}
