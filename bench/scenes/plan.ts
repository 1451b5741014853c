import { TRAINING_DEFAULTS, type TrainingPreset } from '../../plugin/training.ts';
import type { CatalogEntry } from '../../workers/index.ts';
import type { PlannedRun } from '../training-runs/run-all.ts';
import type { Rung } from './ladder.ts';

/** A training run of a scene. */
export interface PlannedSceneRun extends PlannedRun {
  readonly rung: Rung;
  readonly seed: number;
  /** what it is trained with, as it stands in its record */
  readonly training: TrainingPreset & { readonly maxDecisions: number };
}

/**
 * A run with the settings of the scene's training.ts or, `byDefaults`, with the default of every setting; what ends it and
 * the lessons are the scene's own all the same, for they are no hyper-parameters.
 */
export async function planSceneRun(
  rung: Rung,
  seed: number,
  byDefaults: boolean,
  { training: loadPreset }: CatalogEntry,
): Promise<PlannedSceneRun> {
  const preset = (await loadPreset?.()) ?? {};
  const { parameters, until, maxDecisions } = preset;
  const kept = { ...(parameters && { parameters }), ...(until !== undefined && { until }) };
  const { seed: _, maxDecisions: budget, ...defaults } = TRAINING_DEFAULTS;
  const training = byDefaults
    ? { ...defaults, ...kept, maxDecisions: Math.max(budget, maxDecisions ?? 0) }
    : { ...preset, maxDecisions: maxDecisions ?? budget };
  return {
    rung,
    seed,
    training,
    title: `${rung.name}${byDefaults ? ' by the defaults' : ''}, seed ${seed}`,
    environment: rung.name,
    settings: { ...training, seed },
  };
}
