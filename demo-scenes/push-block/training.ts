import type { TrainingPreset } from '../../plugin/training.ts';

/** What push-block is trained with, where that differs from the defaults. README.md has what it reached. */
export const training: TrainingPreset = {
  hidden: [128, 128],
  entropyCoefficient: 0.01,
  maxDecisions: 2_000_000,
};
