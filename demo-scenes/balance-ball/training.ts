import type { TrainingSettings } from '../../plugin/training.ts';

/** What balance-ball is trained with, where that differs from the defaults. README.md has what it reached. */
export const training: Partial<TrainingSettings> = {
  learningRate: 1e-3,
  maxDecisions: 500_000,
};
