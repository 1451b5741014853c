import { ACTIVATIONS } from '../../../plugin/index.ts';
import { OBJECTIVES } from '../../../plugin/training.ts';

/** How a setting is typed in; a list of numbers has no brackets. */
export type FieldKind = 'number' | 'list' | 'json' | 'choice' | 'flag';

/** A setting as the form shows it. */
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
export const BASIC: readonly FieldSpec[] = [
  {
    name: 'until',
    label: 'Goal',
    kind: 'number',
    unit: 'mean return',
    about: 'Training ends when the last 100 episodes return this much; empty: it ends with the budget.',
  },
  {
    name: 'maxDecisions',
    label: 'Budget',
    kind: 'number',
    unit: 'decisions',
    about: 'Training ends after this many decisions, summed over all agents.',
  },
  {
    name: 'learningRate',
    label: 'Learning rate',
    kind: 'number',
    about: 'How far each gradient step goes: more learns faster, too much unlearns.',
  },
  {
    name: 'hidden',
    label: 'Network',
    kind: 'list',
    unit: 'units',
    about: 'Widths of the hidden layers, such as 64, 64.',
  },
  {
    name: 'areas',
    label: 'Areas',
    kind: 'number',
    unit: 'copies',
    about: 'Copies of the scene that collect experience at once, shared out among the workers.',
  },
  {
    name: 'workers',
    label: 'Workers',
    kind: 'number',
    unit: 'threads',
    about: 'Threads that collect experience; 0 takes one for each core, 8 at most.',
  },
  {
    name: 'backend',
    label: 'Learner',
    kind: 'choice',
    choices: ['auto', 'webgpu', 'wasm', 'cpu'],
    about: 'Where gradients are computed; auto takes a real GPU, else WebAssembly.',
  },
  {
    name: 'seed',
    label: 'Seed',
    kind: 'number',
    about: 'The same seed with the same settings learns the same policy.',
  },
];

/** The rest, by what it concerns. */
export const ADVANCED: readonly FieldGroup[] = [
  {
    title: 'Experience',
    fields: [
      {
        name: 'horizon',
        label: 'Horizon',
        kind: 'number',
        unit: 'decisions',
        about: 'Decisions that every agent takes between two updates.',
      },
      {
        name: 'discount',
        label: 'Discount γ',
        kind: 'number',
        about: 'What a reward is worth one decision later: near 1 looks far ahead.',
      },
      {
        name: 'lambda',
        label: 'Trace λ',
        kind: 'number',
        about: 'Trust in rewards that came (1) against values that are expected (0).',
      },
      {
        name: 'stagger',
        label: 'Stagger',
        kind: 'flag',
        about:
          'Cuts the first episode of each area short at another decision, so that areas do not end theirs at once.',
      },
      {
        name: 'overlap',
        label: 'Overlap',
        kind: 'flag',
        about: 'Workers collect the next rollout while the learner works on the last.',
      },
    ],
  },
  {
    title: 'Learning',
    fields: [
      {
        name: 'epochs',
        label: 'Epochs',
        kind: 'number',
        unit: 'passes',
        about: 'How often each rollout is learned from.',
      },
      {
        name: 'minibatch',
        label: 'Minibatch',
        kind: 'number',
        unit: 'samples',
        about: 'Samples of one gradient step.',
      },
      {
        name: 'learningRateSchedule',
        label: 'Schedule',
        kind: 'choice',
        choices: ['linear', 'adaptive', 'constant'],
        about: 'The learning rate falls to 0 at the end of the budget, follows the KL divergence, or stays.',
      },
      {
        name: 'targetKl',
        label: 'Target KL',
        kind: 'number',
        unit: 'nats',
        about: 'How far the adaptive schedule, and the objective kl-adaptive, let the policy move in one update.',
      },
      {
        name: 'objective',
        label: 'Objective',
        kind: 'choice',
        choices: [...OBJECTIVES],
        about:
          'What learning maximizes. PPO clips; the others are there to compare, and the policy gradient takes each rollout once.',
      },
      {
        name: 'clip',
        label: 'Clip ε',
        kind: 'number',
        about: 'How far an action’s probability may move in one update before that stops paying.',
      },
      {
        name: 'klCoefficient',
        label: 'KL penalty β',
        kind: 'number',
        unit: 'per nat',
        about: 'What divergence costs with the KL objectives; kl-adaptive begins with it.',
      },
      {
        name: 'entropyCoefficient',
        label: 'Entropy bonus',
        kind: 'number',
        unit: 'per nat',
        about: 'Reward for staying undecided, which keeps agents exploring.',
      },
      {
        name: 'valueCoefficient',
        label: 'Value weight',
        kind: 'number',
        about: 'Weight of the value loss beside the policy’s.',
      },
      {
        name: 'valueClip',
        label: 'Value clip',
        kind: 'number',
        unit: 'deviations',
        about: 'How far a value may move in one update; 0 sets no limit.',
      },
      {
        name: 'maxGradientNorm',
        label: 'Gradient norm',
        kind: 'number',
        about: 'Longer gradients are shortened to this norm.',
      },
      {
        name: 'mirrors',
        label: 'Mirrors',
        kind: 'json',
        about:
          'Every sample is learned from in these images of the scene, too: a list as JSON such as [{"sensors": {"speed": {"flip": [0]}}}]; empty: in none.',
      },
    ],
  },
  {
    title: 'Policy',
    fields: [
      {
        name: 'activation',
        label: 'Activation',
        kind: 'choice',
        choices: ACTIVATIONS,
        about: 'What each hidden unit does with its sum.',
      },
      {
        name: 'critic',
        label: 'Critic',
        kind: 'choice',
        choices: ['shared', 'separate'],
        about: 'Whether policy and value share their hidden layers.',
      },
      {
        name: 'initialLogDeviation',
        label: 'First spread',
        kind: 'number',
        unit: 'log σ',
        about: 'How widely the untrained policy tries continuous actions.',
      },
    ],
  },
  {
    title: 'Normalization',
    fields: [
      {
        name: 'normalizeObservation',
        label: 'Observations',
        kind: 'flag',
        about: 'Observations are shifted and scaled by their running mean and deviation.',
      },
      {
        name: 'observationClip',
        label: 'Observation limit',
        kind: 'number',
        unit: 'deviations',
        about: 'Normalized observations are held within ± this.',
      },
      {
        name: 'normalizeAdvantage',
        label: 'Advantages',
        kind: 'flag',
        about: 'Advantages of each minibatch are shifted to mean 0 and scaled to deviation 1.',
      },
      {
        name: 'normalizeValue',
        label: 'Values',
        kind: 'flag',
        about: 'Value targets are normalized as well, so that the size of rewards does not matter.',
      },
    ],
  },
];

/** Every field of the form but the environment's own parameters. */
export const FIELDS: readonly FieldSpec[] = [...BASIC, ...ADVANCED.flatMap(({ fields }) => fields)];
