import type { TrainingPreset } from '../../plugin/training.ts';

/** How food-collector is trained, where that differs from the defaults. README.md has the results. */
export const training: TrainingPreset = {
  areas: 16,
  hidden: [64, 64],
  learningRate: 1e-3,
  epochs: 3,
  minibatch: 1024,
  normalizeObservation: false, // most cells are almost always empty, so dividing by their deviation makes the rare 1s huge
  entropyCoefficient: 0.003,
  maxDecisions: 1_000_000,
};
