import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatFigures, saveResult } from '../../bench/results.ts';
import { version } from '../../package.json';

describe('saveResult', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bench-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('appends a line for each run, with its day and the version', () => {
    const url = pathToFileURL(`${folder}/`);
    saveResult(url, 'physics', { ratioPacked: 5.1234567, steps: 1234567 }, new Date('2027-01-02T03:04:05Z'));
    saveResult(url, 'physics', { ratioPacked: 6 }, new Date('2027-01-03T03:04:05Z'));
    const lines = readFileSync(join(folder, 'physics.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { date: '2027-01-02', version, ratioPacked: 5.1235, steps: 1234567 },
      { date: '2027-01-03', version, ratioPacked: 6 },
    ]);
  });
});

describe('bench/results', () => {
  it('holds a result a line, each with what was measured, when and on what', () => {
    const folder = new URL('../../bench/results/', import.meta.url);
    const files = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) {
      for (const line of readFileSync(new URL(file, folder), 'utf8').trimEnd().split('\n')) {
        const { name, date, machine } = JSON.parse(line);
        expect(file).toBe(`${name}.jsonl`);
        expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
        expect(machine).toMatchObject({ cpu: expect.any(String), cores: expect.any(Number), load: expect.any(Number) });
      }
    }
  });
});

describe('formatFigures', () => {
  it('gives each figure a line, those of an object under its name, numbers to four digits', () => {
    const figures = { ratio: 1.23456, walker: { share: 0.5, areas: { 64: 12345.6 } }, backend: 'wasm' };
    expect(formatFigures(figures)).toBe(
      ['ratio            1.235', 'walker share     0.5', 'walker areas 64  12350', 'backend          wasm', ''].join(
        '\n',
      ),
    );
  });
});
