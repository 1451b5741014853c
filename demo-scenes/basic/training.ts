import type { TrainingPreset } from '../../plugin/training.ts';

/** How basic is trained, where that differs from the defaults. README.md has the results. */
export const training: TrainingPreset = {
  hidden: [20],
  horizon: 16,
  discount: 0.9,
  learningRate: 3e-3,
  minibatch: 256,
  maxDecisions: 200_000,
  until: 0.92,
};
