import type { StartedEvent } from '../../plugin/training.ts';
import { Curves, type PolicyCurves } from './curves.ts';
import type { RunUpdate } from './run-state.ts';

/** What a panel showed about a run when a checkpoint was written; saved with it. */
export interface RunRecord {
  readonly started: StartedEvent;
  readonly update: RunUpdate | undefined;
  readonly curves: PolicyCurves;
}

const VERSION = 2;
/** Number of bytes that hold the description's length. */
const PREFIX = 4;

/** Writes a record: its description in JSON, then the curves of one policy after another. */
export function writeRecord({ started, update, curves }: RunRecord): Uint8Array {
  const points = [...curves].map(([policy, ofPolicy]) => ({ policy, bytes: ofPolicy.serialize() }));
  const sizes = points.map(({ policy, bytes }) => [policy, bytes.length]);
  const description = new TextEncoder().encode(JSON.stringify({ version: VERSION, started, update, curves: sizes }));
  const file = new Uint8Array(points.reduce((sum, { bytes }) => sum + bytes.length, PREFIX + description.length));
  new DataView(file.buffer).setUint32(0, description.length, true);
  file.set(description, PREFIX);
  let at = PREFIX + description.length;
  for (const { bytes } of points) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

/** Reads a record; undefined if it is damaged or of another version: a run can be resumed without its curves. */
export function readRecord(file: Uint8Array | undefined): RunRecord | undefined {
  if (!file) return undefined;
  try {
    const start = PREFIX + new DataView(file.buffer, file.byteOffset, file.byteLength).getUint32(0, true);
    const { version, started, update, curves } = JSON.parse(new TextDecoder().decode(file.subarray(PREFIX, start)));
    if (version !== VERSION) return undefined;
    const parsed = parseCurves(file.subarray(start), curves);
    return parsed && { started, update, curves: parsed };
  } catch {
    return undefined;
  }
}

/** Reads consecutive curves; undefined unless all of them are valid and nothing follows them. */
function parseCurves(bytes: Uint8Array, sizes: readonly (readonly [string, number])[]): PolicyCurves | undefined {
  const curves = new Map<string, Curves>();
  let at = 0;
  for (const [policy, size] of sizes) {
    const parsed = Curves.parse(bytes.subarray(at, at + size));
    if (!parsed) return undefined;
    curves.set(policy, parsed);
    at += size;
  }
  return at === bytes.length ? curves : undefined;
}
