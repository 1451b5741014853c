import type { TrainingPreset } from '../../plugin/training.ts';

/** What food-collector is trained with, where that differs from the defaults. README.md has what it reached. */
export const training: TrainingPreset = {
  areas: 16,
  hidden: [64, 64],
  normaliseObservation: false,
  entropyCoefficient: 0.005,
  maxDecisions: 2_000_000,
};
