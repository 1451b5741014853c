import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fractionsTo } from '../../../bench/results.ts';
import { readRecord, writeRecord } from '../../../bench/scenes/scene-record.ts';
import { curveOf, findBar, type TrainSceneOptions, trainScene } from '../../../bench/scenes/train-scene.ts';
import { prepareNodeWorkers } from '../../../plugin/cli/node-workers.ts';

const createWorker = await prepareNodeWorkers(new URL('../../../bench/worker.ts', import.meta.url).pathname);

describe('trainScene', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'scenes-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const options = (signal: AbortSignal): TrainSceneOptions => ({
    rung: { name: 'basic', unity: 'Basic', benchmark: 0.93, bar: 0.93, trained: -1 },
    seed: 7,
    training: { hidden: [20], horizon: 16, workers: 1, areas: 64, maxDecisions: 4096 },
    createWorker,
    folder: join(folder, 'run'),
    signal,
    onProgress: () => {},
  });

  it('records the run, when it reached the bar, and what came out of it played', async () => {
    const record = await trainScene(options(new AbortController().signal));
    expect(record).toMatchObject({ scene: 'basic', seed: 7, reason: 'budget', decisions: 4096, workers: 1 });
    expect(record?.curve.map(([decisions]) => decisions)).toEqual([1024, 2048, 3072, 4096]);
    expect(record?.atBar).toEqual({ decisions: 4096, seconds: record?.curve[3][1] }); // none is below −1, and 100 ended by then
    for (const { mean, length } of [record!.sampled, record!.deterministic]) {
      expect(mean).toBeLessThanOrEqual(0.93);
      expect(length).toBeGreaterThanOrEqual(1);
    }
    expect(existsSync(join(folder, 'run', 'policy.safetensors'))).toBe(true);

    writeRecord(folder, record!);
    expect(readRecord(folder, 'basic', 7)).toEqual(JSON.parse(JSON.stringify(record, fractionsTo(5))));
    expect(readRecord(folder, 'basic', 8)).toBeUndefined();
  });

  it('has no record of a run that was interrupted', async () => {
    expect(await trainScene(options(AbortSignal.abort()))).toBeUndefined();
  });

  it('says which file is no record, and that it may be deleted', () => {
    writeFileSync(join(folder, 'basic-9.json'), readFileSync(join(folder, 'basic-7.json'), 'utf8').slice(0, 50));
    expect(() => readRecord(folder, 'basic', 9)).toThrow(/basic-9.json" is no record of a training run. Delete it/);
  });
});

describe('findBar', () => {
  const at = (decisions: number, meanReturn: number, lesson: number, episodes = 100) => ({
    policy: 'agent',
    decisions,
    seconds: decisions / 100,
    episodes,
    meanReturn,
    lessons: [{ parameter: 'wall', lesson: 'any', number: lesson, count: 2, episodes, meanReturn }],
  });

  it('waits for a hundred episodes: the first to end are the good ones where failing takes long', () => {
    expect(findBar([at(100, 4.9, 2, 99), at(200, 1, 2), at(300, 4.6, 2)], 4.5)?.decisions).toBe(300);
  });

  it('waits for the last lesson: a return of one before is of an easier task', () => {
    const updates = [at(100, 0.9, 1), at(200, 0.3, 2), at(300, 0.8, 2)];
    expect(findBar(updates, 0.8)).toEqual({ decisions: 300, seconds: 3 });
    expect(findBar(updates.slice(0, 2), 0.8)).toBeNull();
  });
});

describe('curveOf', () => {
  const update = (policy: string, decisions: number, meanReturn: number | null) => ({
    policy,
    decisions,
    seconds: decisions / 100,
    meanReturn,
  });

  it('follows the policy that is furthest behind, once each has ended an episode', () => {
    const updates = [
      update('low', 100, 0.5),
      update('high', 100, null),
      update('low', 200, 0.9),
      update('high', 200, 0.1),
    ];
    expect(curveOf([...updates, update('low', 300, -1)])).toEqual([
      [200, 2, 0.1],
      [300, 3, -1],
    ]);
  });
});
