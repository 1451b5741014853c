import type { TrainingPreset } from '../../plugin/training.ts';

/** How balance-ball is trained, where that differs from the defaults. README.md has the results. */
export const training: TrainingPreset = {
  hidden: [128, 128],
  horizon: 32,
  learningRate: 1e-3,
  epochs: 2,
  minibatch: 1024,
  maxDecisions: 500_000,
  until: 95,
};
