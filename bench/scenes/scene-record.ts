import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { AgentsError } from '../../plugin/core/errors.ts';
import { fractionsTo } from '../results.ts';

const number = v.pipe(v.number(), v.finite());

/** Returns of the episodes played: mean and standard deviation; and their mean length [decisions]. */
const PLAYED = v.object({ mean: number, std: number, length: number });

const MOMENT = v.object({ decisions: number, seconds: number });

const RECORD = v.object({
  scene: v.string(),
  seed: number,
  date: v.string(),
  machine: v.record(v.string(), v.union([v.string(), number])),
  /** what its training.ts said */
  training: v.record(v.string(), v.unknown()),
  workers: number,
  reason: v.string(),
  decisions: number,
  /** wall clock, the start included */
  seconds: number,
  /** of the last 100 episodes */
  meanReturn: number,
  /** when the mean return of the last 100 episodes of training first reached the bar; null when it never did */
  atBar: v.nullable(MOMENT),
  sampled: PLAYED,
  deterministic: PLAYED,
  /** [decisions, seconds, mean return of the last 100 episodes] */
  curve: v.array(v.tuple([number, number, number])),
});

/** What one training run of a scene came to. */
export type SceneRecord = v.InferOutput<typeof RECORD>;

/** The record of a run; undefined when there is none. */
export function readRecord(folder: string, scene: string, seed: number): SceneRecord | undefined {
  const file = fileOf(folder, scene, seed);
  if (!existsSync(file)) return undefined;
  try {
    return v.parse(RECORD, JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new AgentsError(`"${file}" is no record of a training run. Delete it, and the run is made again.`, { cause });
  }
}

/** Writes a record, in place of an older one of that scene and seed. */
export function writeRecord(folder: string, record: SceneRecord): void {
  mkdirSync(folder, { recursive: true });
  const file = fileOf(folder, record.scene, record.seed);
  writeFileSync(`${file}.new`, `${JSON.stringify(record, fractionsTo(5))}\n`);
  renameSync(`${file}.new`, file);
}

function fileOf(folder: string, scene: string, seed: number): string {
  return join(folder, `${scene}-${seed}.json`);
}
