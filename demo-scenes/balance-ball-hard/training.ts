import type { TrainingPreset } from '../../plugin/training.ts';

/**
 * What balance-ball-hard is trained with, where that differs from the defaults. README.md has what it reached, and what
 * other settings did.
 */
export const training: TrainingPreset = {
  hidden: [128, 128],
  activation: 'swish',
  learningRate: 1e-3,
  epochs: 2,
  minibatch: 256,
  initialLogDeviation: -1,
  maxDecisions: 500_000,
  until: 95,
};
