import type { TrainingPreset } from '../../plugin/training.ts';

/** What food-collector is trained with, where that differs from the defaults. README.md has what it reached. */
export const training: TrainingPreset = {
  areas: 16,
  hidden: [64, 64],
  learningRate: 1e-3,
  epochs: 3,
  minibatch: 1024,
  normalizeObservation: false, // most cells are empty most of the time: divided by their deviation, the rare 1s get huge
  entropyCoefficient: 0.003,
  maxDecisions: 1_000_000,
};
