import { type Checkpoint, writeCheckpoint } from './checkpoint.ts';
import type { GuardedStore } from './guarded-store.ts';
import type { Progress } from './progress.ts';
import type { RunParts } from './run-parts.ts';
import { CHECKPOINT_FILE, policyFilesOf } from './run-store.ts';
import type { UnwrittenFile } from './training-event.ts';
import { worldFactsOf } from './world-facts.ts';

/** What the world of a run has to be brought back to. */
export type RunPlace = Pick<Checkpoint, 'next' | 'history'>;

/** What came of writing a run's files. */
export interface SavedRun {
  /** where the checkpoint is; null if it could not be written */
  readonly checkpoint: string | null;
  /** the same of each policy */
  readonly policies: readonly (string | null)[];
  readonly unwritten: readonly UnwrittenFile[];
}

/** Writes the newest policies of a run, then its checkpoint, which is larger: each as if the others had been. */
export async function saveRun(
  store: GuardedStore,
  parts: RunParts,
  progress: Progress,
  place: RunPlace,
): Promise<SavedRun> {
  const files = policyFilesOf(parts.trainers.map(({ spec }) => spec.name));
  const unwritten: UnwrittenFile[] = [];
  const located = (name: string, failure: UnwrittenFile | undefined) => {
    if (failure) unwritten.push(failure);
    return failure ? null : store.locate(name);
  };
  const policies: (string | null)[] = [];
  for (const [p, name] of files.entries())
    policies.push(located(name, await store.write(name, policyFileOf(parts, progress, p))));
  const checkpoint = located(CHECKPOINT_FILE, await writeWhole(store, parts, progress, place));
  return { checkpoint, policies, unwritten };
}

/** Writes the checkpoint; a learner that cannot tell its state any more is a reason why it is not. */
async function writeWhole(
  store: GuardedStore,
  { description, settings, goal, trainers, curriculum }: RunParts,
  progress: Progress,
  place: RunPlace,
): Promise<UnwrittenFile | undefined> {
  let checkpoint: Uint8Array;
  try {
    const learners = await Promise.all(trainers.map((trainer) => trainer.state()));
    checkpoint = writeCheckpoint({
      environment: description.name,
      world: worldFactsOf(description),
      settings,
      goal: goal ?? null,
      policies: trainers.map(({ spec }, p) => ({ spec, learner: learners[p] })),
      progress: progress.state,
      curriculum: curriculum.state,
      ...place,
    });
  } catch (error) {
    return store.unwritten(CHECKPOINT_FILE, error);
  }
  return await store.write(CHECKPOINT_FILE, checkpoint);
}

/** The newest policy `p` of a run as a file. */
export function policyFileOf(
  { description, settings, trainers, curriculum }: RunParts,
  progress: Progress,
  p: number,
): Uint8Array {
  const { decisions } = progress.state;
  const lessons = curriculum.current;
  return trainers[p].file({
    environment: description.name,
    seed: settings.seed,
    decisions,
    meanReturn: progress.summaryOf(p).meanReturn,
    ...(lessons.length > 0 && { lessons }),
  });
}
