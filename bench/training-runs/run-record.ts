import * as v from 'valibot';

const number = v.pipe(v.number(), v.finite());

/** Identifies a run among all that were ever made. */
const KEY = {
  /** what it computes: a digest of its settings and budget */
  protocol: v.string(),
  /** of SETTINGS, or RANDOM */
  setting: v.string(),
  task: v.string(),
  seed: number,
};

/** A line of runs.jsonl: what one finished run came to. */
const RECORD = v.object({
  ...KEY,
  date: v.string(),
  /** what it ran on, and how many ran beside it, itself included */
  machine: v.string(),
  atOnce: number,
  meanReturn: number,
  episodes: number,
  decisions: number,
  seconds: number,
  decisionsPerSecond: number,
  curve: v.pipe(v.array(v.pipe(v.tuple([number, number]), v.readonly())), v.readonly()),
  failure: v.optional(v.string()),
});

export type RunRecord = v.InferOutput<typeof RECORD>;
export type RunKey = Pick<RunRecord, keyof typeof KEY>;

/** The record on a line; undefined when the line holds none. */
export function parseRecord(line: string): RunRecord | undefined {
  try {
    const parsed = v.safeParse(RECORD, JSON.parse(line));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** The key of a run as one word, for maps. */
export function wordOf({ protocol, setting, task, seed }: RunKey): string {
  return `${setting}/${task}/${seed}/${protocol}`;
}
