import type { TrainingPreset } from '../../plugin/training.ts';

/**
 * What push-block is trained with, where that differs from the defaults. README.md has what it reached, and why it ends by
 * its budget, not by a return.
 */
export const training: TrainingPreset = {
  hidden: [128, 128],
  learningRate: 1e-3,
  epochs: 3,
  minibatch: 512,
  entropyCoefficient: 0.01,
  maxDecisions: 800_000,
};
