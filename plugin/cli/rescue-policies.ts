import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policyFileNames } from '../train/run-store.ts';
import type { FinishedEvent } from '../train/training-event.ts';
import { writeAtomically } from './atomic-file.ts';

/** A finished run; its policies are in its folder or, if that is full or gone, in another. */
export interface RescuedRun {
  readonly finished: FinishedEvent;
  /** folder of the policies that could not be written to the run's own; undefined if all were, or if no folder took them */
  readonly folder: string | undefined;
  /** whether a policy of a run with a folder is not in it */
  readonly misplaced: boolean;
}

/** Writes the policies that could not be written to the run's folder into a new folder in `parent`, so that the run is not lost. */
export async function rescuePolicies(finished: FinishedEvent, parent = tmpdir()): Promise<RescuedRun> {
  const { environment, policies } = finished;
  if (policies.every(({ policyPath }) => policyPath !== null)) return { finished, folder: undefined, misplaced: false };
  try {
    const folder = await mkdtemp(join(parent, `${environment}-`));
    const files = policyFileNames(policies.map(({ name }) => name));
    for (const [p, { policyPath, policyFile }] of policies.entries())
      if (policyPath === null) await writeAtomically(join(folder, files[p]), policyFile);
    const kept = policies.map((policy, p) => ({ ...policy, policyPath: policy.policyPath ?? join(folder, files[p]) }));
    return { finished: { ...finished, policies: kept }, folder, misplaced: true };
  } catch {
    return { finished, folder: undefined, misplaced: true }; // why files cannot be written was said for the run's own folder
  }
}
