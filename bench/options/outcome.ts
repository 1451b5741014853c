import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from '../training-runs/run-record.ts';

/** What a comparison needs to know of a run; `task` is the comparison's name, `setting` the variant's. */
export type Outcome = Pick<RunRecord, 'task' | 'setting' | 'seed' | 'meanReturn' | 'curve'>;

/** The runs of options that were left out, a line of JSON each. */
export function readLeftOut(folder: string): readonly Outcome[] {
  const file = join(folder, 'left-out.jsonl');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Outcome);
}
