import { readFileSync } from 'node:fs';

/** What Gymnasium's tasks did, by the names of ours: see test/fixtures/gymnasium/record.py. */
export interface Recording {
  readonly title: string;
  readonly maxDecisions: number;
  readonly starts: Starts;
  /** of N transitions, row-major */
  readonly transitions: Readonly<Record<Column, Float64Array>>;
}

/** Moments of each number of the state [S] over so many starts. */
export interface Starts {
  readonly count: number;
  readonly min: readonly number[];
  readonly max: readonly number[];
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** state and next [N, S], observation [N, O], the others [N]; the decision of transitions that belong to no episode is 0 */
export type Column = 'state' | 'action' | 'next' | 'reward' | 'terminated' | 'truncated' | 'observation' | 'decision';

const FILE = 'test/fixtures/gymnasium/classic-control.json';

/** Reads all recordings. */
export function readRecordings(): Readonly<Record<string, Recording>> {
  return JSON.parse(readFileSync(FILE, 'utf8'), (_, value) =>
    typeof value === 'object' ? decodeColumns(value) : value,
  );
}

function decodeColumns(value: Record<string, unknown>): unknown {
  if (!('state' in value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, column]) => [name, decode(column as string)]));
}

/** base64 of little-endian float64 */
function decode(column: string): Float64Array {
  return new Float64Array(Uint8Array.from(Buffer.from(column, 'base64')).buffer);
}
