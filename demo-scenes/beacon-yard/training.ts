import type { TrainingPreset } from '../../plugin/training.ts';

/** What beacon-yard is trained with, where that differs from the defaults. README.md has what it reached. */
export const training: TrainingPreset = {
  areas: 32,
  learningRate: 1e-3,
  epochs: 4,
  minibatch: 1024,
  discount: 0.98,
  maxDecisions: 500_000,
};
