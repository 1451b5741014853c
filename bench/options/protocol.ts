import { leftForRight } from '../../demo-scenes/crawler/mirror.ts';
import { training as crawler } from '../../demo-scenes/crawler/training.ts';
import type { MirrorImage, TrainingSettings } from '../../plugin/training.ts';
import type { Judging } from '../training-runs/policy-judge.ts';

/** One way to train a task. */
export interface Variant {
  readonly name: string;
  /** for people */
  readonly title: string;
  readonly environment: string;
  /** all that the environment's own training sets is to be named: it holds where nothing is said, and runs do not tell when it changes */
  readonly settings: Partial<TrainingSettings>;
}

/** A task that is learned without an option and with it, all else being equal. */
export interface Comparison {
  readonly name: string;
  /** for people: the option, and on what */
  readonly title: string;
  /** the budget of each run */
  readonly decisions: number;
  /** the mean return whose first crossing is told */
  readonly bar: number;
  /** left out, the last 100 episodes of training tell */
  readonly judging?: Judging;
  readonly seeds: readonly number[];
  /** without the option first */
  readonly variants: readonly Variant[];
  /** the option was left out after this: its runs stay in left-out.jsonl, and cannot be made again */
  readonly leftOut?: boolean;
}

/** What balance-ball-hard learned with when velocities were kept for its critic, which has layers of its own either way. */
const HARD = {
  hidden: [128, 128],
  activation: 'swish',
  critic: 'separate',
  horizon: 64,
  learningRate: 1e-3,
  epochs: 2,
  minibatch: 256,
  initialLogDeviation: -1,
  workers: 1,
  backend: 'wasm',
} satisfies Partial<TrainingSettings>;

/** What balance-ball is trained with, by one worker. */
const BALL = {
  hidden: [128, 128],
  horizon: 32,
  learningRate: 1e-3,
  epochs: 2,
  minibatch: 1024,
  workers: 1,
  backend: 'wasm',
} satisfies Partial<TrainingSettings>;

/** balance-ball's platform as seen along its z axis, along its x axis, and along one and then the other. */
const BALL_MIRRORS: readonly MirrorImage[] = [
  { sensors: { tilt: { flip: [0] }, ball: { flip: [0, 3] } }, actuators: { tilt: { flip: [0] } } },
  { sensors: { tilt: { flip: [1] }, ball: { flip: [2, 5] } }, actuators: { tilt: { flip: [1] } } },
  { sensors: { tilt: { flip: [0, 1] }, ball: { flip: [0, 2, 3, 5] } }, actuators: { tilt: { flip: [0, 1] } } },
];

/** crawler as it is trained, its fading reflex included, but by one worker and without its image. */
const CRAWLER = {
  ...crawler,
  minibatch: 256,
  mirrors: [],
  workers: 1,
  backend: 'wasm',
} satisfies Partial<TrainingSettings>;

/** What options of training do, each on a task where it should show. */
export const COMPARISONS: readonly Comparison[] = [
  stagger('stagger-pendulum', 'rollouts of a sixth of an episode', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], {
    areas: 64,
    horizon: 32,
  }),
  stagger('stagger-pendulum-short', 'rollouts of a 25th of an episode', [1, 2, 3, 4, 5], {
    areas: 256,
    horizon: 8,
  }),
  {
    name: 'critic-sensors-balance-ball-hard',
    title: 'Velocities for the critic alone: balance-ball-hard',
    decisions: 500_000,
    bar: 95,
    seeds: [1, 2, 3, 4, 5, 6],
    variants: [
      { name: 'same', title: 'critic sees what the actor sees', environment: 'balance-ball-hard', settings: HARD },
      { name: 'told', title: 'critic is told velocities', environment: 'balance-ball-hard', settings: HARD },
    ],
    leftOut: true,
  },
  {
    name: 'mirror-balance-ball',
    title: 'Samples in the mirror: balance-ball',
    decisions: 250_000,
    bar: 95,
    judging: { times: 25, episodes: 64 },
    seeds: [1, 2, 3, 4, 5, 6],
    variants: [
      ball('plain', 'no image', {}),
      ball('plain-longer', 'no image, 8 epochs', { epochs: 8 }),
      ball('mirrored', 'three images', { mirrors: BALL_MIRRORS }),
      ball('mirrored-wider', 'three images, minibatches of 4096', { mirrors: BALL_MIRRORS, minibatch: 4096 }),
    ],
  },
  {
    name: 'mirror-crawler',
    title: 'Samples in the mirror: crawler',
    decisions: 600_000,
    bar: 1500,
    seeds: [1, 2, 3, 4, 5],
    variants: [
      walk('plain', 'no image', {}),
      walk('mirrored', 'left for right, minibatches of 512', { mirrors: [leftForRight], minibatch: 512 }),
    ],
  },
];

function walk(name: string, title: string, settings: Variant['settings']): Variant {
  return { name, title, environment: 'crawler', settings: { ...CRAWLER, ...settings } };
}

function ball(name: string, title: string, settings: Variant['settings']): Variant {
  return { name, title, environment: 'balance-ball', settings: { ...BALL, ...settings } };
}

/**
 * On the pendulum, whose episodes all have 200 decisions. Judged by episodes of their own: areas in step end theirs seldom
 * and all at once, so the last 100 are old ones there.
 */
function stagger(
  name: string,
  how: string,
  seeds: Comparison['seeds'],
  settings: Pick<TrainingSettings, 'areas' | 'horizon'>,
): Comparison {
  const environment = 'pendulum';
  const common: Variant['settings'] = {
    ...settings,
    minibatch: 256,
    epochs: 4,
    learningRate: 1e-3,
    discount: 0.95,
    workers: 1,
    backend: 'wasm',
  };
  return {
    name,
    title: `Staggered first episodes: Pendulum, ${how}`,
    decisions: 300_000,
    bar: -185,
    judging: { times: 15, episodes: 128 },
    seeds,
    variants: [
      { name: 'in-step', title: 'areas in step', environment, settings: common },
      { name: 'staggered', title: 'staggered', environment, settings: { ...common, stagger: true } },
    ],
  };
}
