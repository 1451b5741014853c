import type { Lesson } from '../../plugin/index.ts';
import type { TrainingPreset } from '../../plugin/training.ts';
import type { crawler } from './environment.ts';
import { leftForRight } from './mirror.ts';

/** How high the reflex lifts the legs, lesson by lesson. */
const REFLEXES = [0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0];

/** The reflex is weakened as soon as the crawler walks well with it, noise included. */
const lessons = REFLEXES.map(
  (value, i): Lesson => ({
    name: `reflex ${value}`,
    value,
    ...(i < REFLEXES.length - 1 && {
      completion: { measure: 'return', threshold: i === 0 ? 800 : 1000, minLessonLength: 16 },
    }),
  }),
);

/** How crawler is trained, where that differs from the defaults. README.md has the results. */
export const training: TrainingPreset<typeof crawler> = {
  hidden: [128, 128],
  critic: 'separate',
  areas: 16,
  horizon: 256,
  overlap: false,
  epochs: 8,
  minibatch: 512, // half of them mirrored
  learningRate: 3e-4,
  discount: 0.98,
  entropyCoefficient: 0,
  valueCoefficient: 1,
  maxGradientNorm: 1,
  initialLogDeviation: -2, // with more noise, the noise walks and the mean stands still
  mirrors: [leftForRight],
  parameters: { reflex: { lessons } },
  maxDecisions: 1_000_000,
};
