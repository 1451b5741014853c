import { type Checkpoint, writeCheckpoint } from './checkpoint.ts';
import type { Progress } from './progress.ts';
import type { RunParts } from './run-parts.ts';
import { CHECKPOINT_FILE, policyFilesOf, type RunStore } from './run-store.ts';
import type { CheckpointEvent } from './training-event.ts';

/** Writes the checkpoint of a run, and the newest policies beside it. */
export async function saveRun(
  store: RunStore,
  parts: RunParts,
  progress: Progress,
  place: Pick<Checkpoint, 'next' | 'history'>,
): Promise<CheckpointEvent> {
  const { description, settings, goal, trainers, curriculum } = parts;
  const learners = await Promise.all(trainers.map((trainer) => trainer.state()));
  const checkpoint = writeCheckpoint({
    environment: description.name,
    settings,
    goal: goal ?? null,
    policies: trainers.map(({ spec }, p) => ({ spec, learner: learners[p] })),
    progress: progress.state,
    curriculum: curriculum.state,
    ...place,
  });
  await store.write(CHECKPOINT_FILE, checkpoint);
  const files = policyFilesOf(trainers.map(({ spec }) => spec.name));
  for (const [p, file] of files.entries()) await store.write(file, policyFileOf(parts, progress, p));
  const policies = files.map((file) => store.locate(file));
  return {
    kind: 'checkpoint',
    update: progress.state.updates,
    checkpoint: store.locate(CHECKPOINT_FILE),
    policy: policies[0],
    policies,
  };
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
