import type { TrainingPreset } from '../../plugin/training.ts';

/** How beacon-yard is trained, where that differs from the defaults. README.md has the results. */
export const training: TrainingPreset = {
  areas: 32,
  learningRate: 1e-3,
  epochs: 4,
  minibatch: 1024,
  discount: 0.98,
  maxDecisions: 500_000,
};
