import type { TrainingPreset } from '../../plugin/training.ts';

/** How duel is trained, where that differs from the defaults. README.md has the results. */
export const training: TrainingPreset = {
  areas: 128,
  discount: 0.995,
  learningRate: 5e-4,
  minibatch: 2048,
  entropyCoefficient: 0.003,
  maxDecisions: 8_000_000,
};
