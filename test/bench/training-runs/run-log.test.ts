import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planRuns } from '../../../bench/ablation/plan.ts';
import { leftOf } from '../../../bench/training-runs/planned.ts';
import { RunLog } from '../../../bench/training-runs/run-log.ts';
import { recordOf, SCOPE } from '../ablation/fixture-runs.ts';

const plans = planRuns(SCOPE);

describe('RunLog', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'ablation-')), 'not-there-yet');
    file = join(folder, 'runs.jsonl');
  });
  afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

  /** Enters the first runs of the plan; the number of each is its return. */
  function enter(count: number): RunLog {
    const log = new RunLog(folder);
    for (let i = 0; i < count; i++) log.append(recordOf(plans[i].key, i + 1 / 3));
    return log;
  }

  it('begins empty, and finds again what was entered', () => {
    expect(new RunLog(folder).records).toEqual([]);
    const { records } = enter(3);
    expect(records).toHaveLength(3);
    expect(new RunLog(folder).records).toEqual(records);
    expect(records[2].meanReturn).toBe(2.33333);
  });

  it('sets a line aside that a kill cut short: its run is left, and no other', () => {
    enter(3);
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, whole.slice(0, -100));
    const log = new RunLog(folder);
    expect(log.damaged).toBe(1);
    expect(log.records).toHaveLength(2);
    expect(leftOf(plans, log.records)[0]).toBe(plans[2]);
    expect(readFileSync(join(folder, 'runs.damaged.jsonl'), 'utf8')).toBe(
      `${whole.split('\n')[2].slice(0, -99)}\n`, // the newline was among the 100
    );

    log.append(recordOf(plans[2].key, 2 + 1 / 3));
    expect(readFileSync(file, 'utf8')).toBe(whole);
    expect(new RunLog(folder).damaged).toBe(0);
  });

  it('goes on behind a line that lacks its end alone', () => {
    enter(2);
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, whole.trimEnd());
    const log = new RunLog(folder);
    expect(log.damaged).toBe(0);
    log.append(recordOf(plans[2].key, 5));
    expect(new RunLog(folder).records).toHaveLength(3);
    expect(existsSync(join(folder, 'runs.damaged.jsonl'))).toBe(false);
  });

  it('sets JSON aside that is no record, wherever it stands', () => {
    enter(1);
    appendFileSync(file, '{"setting":"clip-0.2"}\n[]\n');
    const line = JSON.stringify(recordOf(plans[1].key, 7));
    appendFileSync(file, `${line}\n`);
    const log = new RunLog(folder);
    expect(log.damaged).toBe(2);
    expect(log.records.map(({ meanReturn }) => meanReturn)).toEqual([0.333333, 7]);
  });

  it('counts the first of two records of one run', () => {
    enter(1);
    appendFileSync(file, `${JSON.stringify(recordOf(plans[0].key, 99))}\n`);
    expect(new RunLog(folder).records.map(({ meanReturn }) => meanReturn)).toEqual([0.333333]);
  });
});
