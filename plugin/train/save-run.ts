import { type Checkpoint, writeCheckpoint } from './checkpoint.ts';
import type { GuardedStore } from './guarded-store.ts';
import type { Progress } from './progress.ts';
import type { RunParts } from './run-parts.ts';
import { CHECKPOINT_FILE, policyFileNames } from './run-store.ts';
import type { SavedPolicy, UnwrittenFile } from './training-event.ts';
import { worldFactsOf } from './world-facts.ts';

/** What the world of a run has to be brought back to. */
export type RunPosition = Pick<Checkpoint, 'next' | 'history'>;

/** The result of writing a run's files. */
export interface SavedRun {
  /** null if it could not be written */
  readonly checkpointPath: string | null;
  readonly policies: readonly SavedPolicy[];
  readonly unwritten: readonly UnwrittenFile[];
}

/** Writes the newest policies of a run, then its checkpoint, which is larger: each as if the others had been. */
export async function saveRun(
  store: GuardedStore,
  parts: RunParts,
  progress: Progress,
  place: RunPosition,
): Promise<SavedRun> {
  const names = parts.trainers.map(({ spec }) => spec.name);
  const unwritten: UnwrittenFile[] = [];
  const located = (name: string, failure: UnwrittenFile | undefined) => {
    if (failure) unwritten.push(failure);
    return failure ? null : store.locate(name);
  };
  const policies: SavedPolicy[] = [];
  for (const [p, file] of policyFileNames(names).entries()) {
    const policyPath = located(file, await store.write(file, policyFileOf(parts, progress, p)));
    policies.push({ name: names[p], policyPath });
  }
  const checkpointPath = located(CHECKPOINT_FILE, await writeWhole(store, parts, progress, place));
  return { checkpointPath, policies, unwritten };
}

/** Writes the checkpoint; a learner that cannot tell its state any more is a reason why it is not. */
async function writeWhole(
  store: GuardedStore,
  { description, settings, goal, trainers, curriculum }: RunParts,
  progress: Progress,
  place: RunPosition,
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
