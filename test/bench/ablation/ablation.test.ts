import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAblation } from '../../../bench/ablation/ablation.ts';
import type { AblationScope } from '../../../bench/ablation/plan.ts';
import { TASKS } from '../../../bench/ablation/protocol.ts';
import { makeReport, writeReport } from '../../../bench/ablation/report.ts';
import { tasks as catalog } from '../../../bench/tasks/catalog.ts';
import { RunLog } from '../../../bench/training-runs/run-log.ts';
import { prepareNodeWorkers } from '../../../plugin/cli/node-workers.ts';
import { createTextStream } from '../training-runs/text-stream.ts';
import { settingOf } from './fixture-runs.ts';

const createWorker = await prepareNodeWorkers(new URL('../../../bench/worker.ts', import.meta.url).pathname);

/** Two settings on two tasks from one seed, two updates each: the real learner on real threads. */
const SCOPE: AblationScope = {
  settings: ['clip-0.2', 'policy-gradient'].map(settingOf),
  tasks: TASKS.filter(({ name }) => ['cartpole', 'pendulum'].includes(name)).map((task) => ({ ...task, steps: 4096 })),
  seeds: [1],
  stepsScale: 1,
};

describe('runAblation', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ablation-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What a call prints, and the log that it leaves. */
  async function run(scope: AblationScope, signal = new AbortController().signal) {
    const { stream, lines } = createTextStream();
    const options = { catalog, createWorker, atOnce: 2, machine: 'Abacus, 2 cores', stream, signal };
    const log = new RunLog(folder);
    await runAblation(scope, log, options);
    return { records: log.records, lines: lines() };
  }

  it('enters nothing when it is interrupted before anything is done', async () => {
    expect((await run(SCOPE, AbortSignal.abort())).records).toEqual([]);
  });

  it('enters the random policy of each task and every run', async () => {
    const { records, lines } = await run({ ...SCOPE, tasks: SCOPE.tasks.slice(0, 1) });
    expect(records.map(({ setting, task }) => `${setting} ${task}`).sort()).toEqual([
      'clip-0.2 cartpole',
      'policy-gradient cartpole',
      'random cartpole',
    ]);
    for (const { setting, decisions, curve } of records.slice(1)) {
      expect(decisions, setting).toBe(4096);
      expect(curve.map(([at]) => at)).toEqual([2048, 4096]);
    }
    expect(lines[0]).toMatch(/^random policy on cartpole: mean return \d\d\.\d\d$/);
  });

  it('goes on with what is left, and makes nothing twice', async () => {
    const before = readFileSync(join(folder, 'runs.jsonl'), 'utf8');
    const { records, lines } = await run(SCOPE);
    expect(records).toHaveLength(2 * 3);
    expect(readFileSync(join(folder, 'runs.jsonl'), 'utf8').startsWith(before)).toBe(true);
    expect(lines[0]).toBe('2 of 4 runs are done already.');
    expect(lines.at(-1)).toMatch(/^2\/2 {2}.* on pendulum, seed 1: mean return -\d+\.\d\d in /);
    expect((await run(SCOPE)).records).toEqual(records);
  });

  it('leaves a report of all that is done', () => {
    const report = makeReport(SCOPE, new RunLog(folder).records);
    expect(report.runs).toHaveLength(4);
    expect(Math.max(...report.settings.map(({ score }) => score!))).toBeLessThanOrEqual(1);
    const page = join(folder, 'ablation.md');
    writeReport(report, { folder, page, template: 'docs/ablation.md' });
    expect(readFileSync(page, 'utf8')).toContain('4 of 4 runs are done: 16,384 decisions in');
    expect(readFileSync(join(folder, 'learning-curves.svg'), 'utf8')).toContain('Pendulum');
  });
});
