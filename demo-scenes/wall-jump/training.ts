import type { LessonCompletion } from '../../plugin/index.ts';
import type { TrainingPreset } from '../../plugin/training.ts';

/** What wall-jump is trained with, where that differs from the defaults. README.md has what it reached. */
export const training: TrainingPreset = {
  hidden: [128, 128],
  workers: 1, // beside it, two learners are at work
  areas: 32,
  learningRate: 5e-4,
  epochs: 3,
  minibatch: 128,
  entropyCoefficient: 0.005,
  maxDecisions: 3_000_000,
  parameters: {
    smallWall: {
      lessons: [
        { name: 'kerb', value: 0.3, completion: { measure: 'return', policy: 'small-wall', threshold: 0.5 } },
        { name: 'knee-high', value: 0.8, completion: { measure: 'return', policy: 'small-wall', threshold: 0.7 } },
        { name: 'whole', value: 1.55 },
      ],
    },
    bigWall: {
      lessons: [
        { name: 'none or low', value: { sampler: 'uniform', min: -0.45, max: 1.55 }, completion: whenBig(0.6) },
        { name: 'middling', value: { sampler: 'uniform', min: 1.55, max: 3.05 }, completion: whenBig(0.6) },
        { name: 'high', value: { sampler: 'uniform', min: 2.55, max: 3.55 }, completion: whenBig(0.6) },
        { name: 'whole', value: 3.55 },
      ],
    },
    blockDepth: {
      lessons: [
        { name: 'at the wall', value: 1.4, completion: whenBig(0.75) },
        { name: 'close', value: 3, completion: whenBig(0.7) },
        { name: 'nearer', value: 5, completion: whenBig(0.7) },
        { name: 'anywhere', value: 7 },
      ],
    },
  },
};

function whenBig(threshold: number): LessonCompletion {
  return { measure: 'return', policy: 'big-wall', threshold };
}
