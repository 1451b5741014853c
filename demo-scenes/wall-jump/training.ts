import type { LessonCompletion } from '../../plugin/index.ts';
import type { TrainingPreset } from '../../plugin/training.ts';
import type { wallJump } from './environment.ts';

/** How wall-jump is trained, where that differs from the defaults. README.md has the results. */
export const training: TrainingPreset<typeof wallJump> = {
  hidden: [128, 128],
  workers: 1, // two learners run next to it
  areas: 32,
  entropyCoefficient: 0.005,
  maxDecisions: 8_000_000,
  parameters: {
    smallWall: {
      lessons: [
        { name: 'curb', value: 0.3, completion: { measure: 'return', policy: 'small-wall', threshold: 0.5 } },
        { name: 'knee-high', value: 0.8, completion: { measure: 'return', policy: 'small-wall', threshold: 0.7 } },
        { name: 'whole', value: 1.55 },
      ],
    },
    bigWall: {
      lessons: [
        { name: 'none or low', value: { sampler: 'uniform', min: -0.45, max: 1.55 }, completion: whenBig() },
        { name: 'middling', value: { sampler: 'uniform', min: 1.55, max: 3.05 }, completion: whenBig() },
        { name: 'high', value: { sampler: 'uniform', min: 2.55, max: 3.55 }, completion: whenBig() },
        { name: 'whole', value: 3.55 },
      ],
    },
    blockDepth: {
      lessons: [
        { name: 'at the wall', value: 1.4, completion: whenBig() },
        { name: 'close', value: 3, completion: whenBig() },
        { name: 'nearer', value: 5, completion: whenBig() },
        { name: 'anywhere', value: 7 },
      ],
    },
  },
};

/** Over many episodes: those that fail last longest, so the first ones to end flatter a lesson. */
function whenBig(): LessonCompletion {
  return { measure: 'return', policy: 'big-wall', threshold: 0.6, minLessonLength: 400 };
}
