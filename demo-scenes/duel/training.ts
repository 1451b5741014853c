import type { TrainingPreset } from '../../plugin/training.ts';

/** What duel is trained with, where that differs from the defaults. README.md has what it reached. */
export const training: TrainingPreset = {
  areas: 128,
  discount: 0.995,
  learningRate: 5e-4,
  minibatch: 2048,
  entropyCoefficient: 0.003,
  maxDecisions: 8_000_000,
};
