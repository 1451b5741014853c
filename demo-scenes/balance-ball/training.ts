import type { TrainingPreset } from '../../plugin/training.ts';

/** What balance-ball is trained with, where that differs from the defaults. README.md has what it reached. */
export const training: TrainingPreset = {
  learningRate: 1e-3,
  epochs: 3,
  maxDecisions: 500_000,
  until: 95,
};
