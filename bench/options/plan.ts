import { digest, type Planned } from '../training-runs/planned.ts';
import type { PlannedRun } from '../training-runs/run-all.ts';
import type { Comparison } from './protocol.ts';

/** All runs of some comparisons that can be made: one seed of everything, then the next. */
export function planComparisons(
  comparisons: readonly Comparison[],
  seeds: (comparison: Comparison) => readonly number[] = (comparison) => comparison.seeds,
): readonly (PlannedRun & Planned)[] {
  const live = comparisons.filter(({ leftOut }) => !leftOut);
  const plans = live.flatMap((comparison) => seeds(comparison).flatMap((seed) => planSeed(comparison, seed)));
  return plans.sort((a, b) => a.key.seed - b.key.seed);
}

function planSeed({ name, decisions, judging, variants }: Comparison, seed: number): (PlannedRun & Planned)[] {
  return variants.map(({ name: variant, environment, settings: own }) => {
    const settings = { ...own, maxDecisions: decisions };
    return {
      key: {
        protocol: digest({ environment, settings, judging }),
        setting: variant,
        task: name,
        seed,
      },
      title: `${name}, ${variant}, seed ${seed}`,
      environment,
      settings: { ...settings, seed },
      judging,
    };
  });
}
