import type { Parameterized } from '../core/parameters.ts';
import { openRun } from './open-run.ts';
import type { TrainingEvent } from './training-event.ts';
import type { TrainingOptions } from './training-options.ts';

/**
 * Trains a policy for an environment of the workers' catalog: collect a rollout in every worker, learn from all of
 * them, hand the new policy out, again and again; the next rollout is collected while the learner works, unless
 * `overlap` is off. Leaving the loop over its events disposes everything.
 *
 * With `import type { roller }`, `train<typeof roller>('roller', …)` checks the names of `parameters` at compile time.
 */
export async function* train<Of extends Parameterized = Parameterized>(
  environment: string,
  options: TrainingOptions<Of>,
): AsyncGenerator<TrainingEvent, void, void> {
  const run = await openRun(environment, options as TrainingOptions);
  try {
    yield run.started();
    yield* run.takeWarnings();
    let reason = run.finishReason();
    while (!reason) {
      run.keepCollecting();
      const taken = await run.takeRollout();
      yield* run.takeWarnings();
      yield* await run.learn(taken);
      yield* run.takeWarnings();
      reason = run.finishReason();
      if (reason) break;
      const held = run.askToHold();
      if (held || run.checkpointIsDue()) yield* run.save();
      if (held) await run.wait(held);
      reason = run.finishReason(); // it may have been interrupted meanwhile
    }
    yield* run.save();
    yield run.finished(reason);
  } finally {
    run.dispose();
  }
}
