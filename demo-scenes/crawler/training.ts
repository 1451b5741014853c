import type { TrainingPreset } from '../../plugin/training.ts';

/** What crawler is trained with, where that differs from the defaults. README.md has what it reached. */
export const training: TrainingPreset = {
  hidden: [128, 128],
  areas: 32,
  horizon: 128,
  discount: 0.99,
  learningRate: 2e-4,
  learningRateSchedule: 'constant',
  entropyCoefficient: 0,
  initialLogDeviation: -1.2,
  maxDecisions: 4_000_000,
};
