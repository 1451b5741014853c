import type { StartedEvent } from '../../plugin/training.ts';
import { Curves } from './curves.ts';
import type { RunUpdate } from './run-state.ts';

/** What a panel showed of a run when a checkpoint was written; kept beside it. */
export interface RunRecord {
  readonly started: StartedEvent;
  readonly update: RunUpdate | undefined;
  readonly curves: Curves;
}

const VERSION = 1;
/** Bytes of the description's length. */
const PREFIX = 4;

/** Writes a record: its description in JSON, then the curves. */
export function writeRecord({ started, update, curves }: RunRecord): Uint8Array {
  const description = new TextEncoder().encode(JSON.stringify({ version: VERSION, started, update }));
  const points = curves.serialise();
  const file = new Uint8Array(PREFIX + description.length + points.length);
  new DataView(file.buffer).setUint32(0, description.length, true);
  file.set(description, PREFIX);
  file.set(points, PREFIX + description.length);
  return file;
}

/** Reads a record; nothing when it is damaged or of another version: a run can go on without its curves. */
export function readRecord(file: Uint8Array | undefined): RunRecord | undefined {
  if (!file) return undefined;
  try {
    const end = PREFIX + new DataView(file.buffer, file.byteOffset, file.byteLength).getUint32(0, true);
    const { version, started, update } = JSON.parse(new TextDecoder().decode(file.subarray(PREFIX, end)));
    const curves = Curves.parse(file.subarray(end));
    return version === VERSION && curves ? { started, update, curves } : undefined;
  } catch {
    return undefined;
  }
}
