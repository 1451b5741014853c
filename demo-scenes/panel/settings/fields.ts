import { settings } from 'virtual:settings';

/** How a setting is typed in; a list of numbers has no brackets. */
export type FieldKind = 'number' | 'list' | 'json' | 'choice' | 'flag';

/** A setting as the form shows it: its declaration says all but the label. */
export interface FieldSpec {
  /** of TrainingSettings, `until`, or `parameters.` and a parameter of the environment */
  readonly name: string;
  readonly label: string;
  readonly kind: FieldKind;
  readonly unit?: string;
  readonly choices?: readonly string[];
  /** one sentence */
  readonly about: string;
}

/** Settings that belong together. */
export interface FieldGroup {
  readonly title: string;
  readonly fields: readonly FieldSpec[];
}

/** What most people change, if anything. */
export const BASIC: readonly FieldSpec[] = labeled({
  until: 'Goal',
  maxDecisions: 'Budget',
  learningRate: 'Learning rate',
  hidden: 'Network',
  areas: 'Areas',
  workers: 'Workers',
  backend: 'Learner',
  seed: 'Seed',
});

/** The rest, by what it concerns. */
export const ADVANCED: readonly FieldGroup[] = [
  {
    title: 'Experience',
    fields: labeled({
      horizon: 'Horizon',
      discount: 'Discount γ',
      lambda: 'Trace λ',
      stagger: 'Stagger',
      overlap: 'Overlap',
    }),
  },
  {
    title: 'Learning',
    fields: labeled({
      epochs: 'Epochs',
      minibatch: 'Minibatch',
      learningRateSchedule: 'Schedule',
      targetKl: 'Target KL',
      objective: 'Objective',
      clip: 'Clip ε',
      klCoefficient: 'KL penalty β',
      entropyCoefficient: 'Entropy bonus',
      valueCoefficient: 'Value weight',
      valueClip: 'Value clip',
      maxGradientNorm: 'Gradient norm',
      mirrors: 'Mirrors',
    }),
  },
  {
    title: 'Policy',
    fields: labeled({
      activation: 'Activation',
      critic: 'Critic',
      initialLogDeviation: 'First spread',
    }),
  },
  {
    title: 'Normalization',
    fields: labeled({
      normalizeObservation: 'Observations',
      observationClip: 'Observation limit',
      normalizeAdvantage: 'Advantages',
      normalizeValue: 'Values',
    }),
  },
];

/** Every field of the form but the environment's own parameters. */
export const FIELDS: readonly FieldSpec[] = [...BASIC, ...ADVANCED.flatMap(({ fields }) => fields)];

function labeled(labels: Readonly<Record<string, string>>): readonly FieldSpec[] {
  return Object.entries(labels).map(([name, label]) => {
    const setting = settings.find((known) => known.name === name);
    if (!setting) throw new Error(`No setting is called "${name}".`);
    return { ...setting, label, about: setting.about.replaceAll('`', '') };
  });
}
