import { createHash } from 'node:crypto';
import { type RunKey, type RunRecord, wordOf } from './run-record.ts';

/**
 * Raise it when runs of before do not compare with those of now though their settings are the same: when a task or the
 * learner computes something else.
 */
export const REVISION = 1;

/** Something that leaves a record when it is done. */
export interface Planned {
  readonly key: RunKey;
}

/** The planned runs that are not among those that are done. */
export function leftOf<Plan extends Planned>(plans: readonly Plan[], done: readonly RunKey[]): readonly Plan[] {
  const words = new Set(done.map(wordOf));
  return plans.filter(({ key }) => !words.has(wordOf(key)));
}

/** The records of planned runs, without those of other runs and of other protocols. */
export function doneOf(plans: readonly Planned[], records: readonly RunRecord[]): readonly RunRecord[] {
  const words = new Set(plans.map(({ key }) => wordOf(key)));
  return records.filter((record) => words.has(wordOf(record)));
}

/** Eight digits that change when anything about a run does, its seed apart; the order of settings does not matter. */
export function digest(run: Readonly<Record<string, unknown>>): string {
  const sorted = (_: string, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return createHash('sha256')
    .update(JSON.stringify({ ...run, revision: REVISION }, sorted))
    .digest('hex')
    .slice(0, 8);
}
