import { describe, expect, it } from 'vitest';
import { planSceneRun } from '../../../bench/scenes/plan.ts';
import { TRAINING_DEFAULTS } from '../../../plugin/training.ts';

const rung = { name: 'court', unity: 'Court', benchmark: 4.5, bar: 4.5 };
const parameters = { wall: { lessons: [{ value: 1 }] } };
const entryOf = (training: object) => ({
  environment: () => Promise.reject(new Error('It is not needed.')),
  training: async () => training,
});

describe('planSceneRun', () => {
  const entry = entryOf({ learningRate: 1e-3, until: 4, maxDecisions: 800_000, parameters });

  it('trains with what the scene says', async () => {
    const { training, settings } = await planSceneRun(rung, 3, false, entry);
    expect(training).toEqual({ learningRate: 1e-3, until: 4, maxDecisions: 800_000, parameters });
    expect(settings.seed).toBe(3);
  });

  it('trains with the default of every setting but keeps what ends a run and the lessons', async () => {
    const { training } = await planSceneRun(rung, 3, true, entry);
    const { seed: _, ...defaults } = TRAINING_DEFAULTS;
    expect(training).toEqual({ ...defaults, until: 4, parameters, maxDecisions: 1_000_000 });
  });

  it('gives the defaults no fewer decisions than the scene has', async () => {
    const { training } = await planSceneRun(rung, 3, true, entryOf({ maxDecisions: 2_000_000 }));
    expect(training.maxDecisions).toBe(2_000_000);
  });
});
