import type { TrainingPreset } from '../../plugin/training.ts';

/** How grid-world is trained, where that differs from the defaults. README.md has the results. */
export const training: TrainingPreset = {
  hidden: [128],
  horizon: 16,
  discount: 0.9,
  learningRate: 3e-3,
  minibatch: 256,
  maxDecisions: 500_000,
  until: 0.95,
};
