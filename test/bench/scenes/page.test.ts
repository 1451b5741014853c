import { readFileSync } from 'node:fs';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { fillPage } from '../../../bench/markdown.ts';
import { drawSceneCurves } from '../../../bench/scenes/curve-picture.ts';
import { LADDER } from '../../../bench/scenes/ladder.ts';
import { describeLadder, describeTraining } from '../../../bench/scenes/page.ts';
import type { SceneRecord } from '../../../bench/scenes/scene-record.ts';

const rung = { name: 'push-block', unity: 'PushBlock', benchmark: 4.5, bar: 4.5 };
const record = (seed: number, atBar: SceneRecord['atBar']): SceneRecord => ({
  scene: rung.name,
  seed,
  date: '2027-01-02',
  machine: { cpu: 'Abacus', cores: 2, node: 'v20.0.0', load: 0.2 * seed },
  training: {},
  workers: 2,
  reason: 'budget',
  decisions: 800_000,
  seconds: 200,
  meanReturn: 4.968,
  atBar,
  sampled: { mean: 4.9, std: 0.6, length: 40 },
  deterministic: { mean: 4.1, std: 2.1, length: 90 },
  curve: [
    [100_000, 25, 1],
    [800_000, 200, 4.968],
  ],
});
const records = [record(1, { decisions: 250_000, seconds: 62.5 }), record(2, null)];

describe('describeTraining', () => {
  const { training } = describeTraining(rung, records, '../curves.svg');

  it('has a row for each seed, with a dash where the bar was never reached', () => {
    expect(training).toContain('| 1 | 800,000 | 200.0 | 4,000 | 250,000 | 62.5 | 4.97 | 4.90 ± 0.60 | 4.10 ± 2.10 |');
    expect(training).toContain('| 2 | 800,000 | 200.0 | 4,000 | – | – | 4.97 | 4.90 ± 0.60 | 4.10 ± 2.10 |');
  });

  it('says what it was made on, and what else the machine did', () => {
    expect(training).toContain(
      'Abacus, 2 cores, Node v20.0.0, 2 rollout workers; the machine’s load before each run: 0.2, 0.4',
    );
  });

  it.each(LADDER)('has its place in the README of $name', ({ name }) => {
    const readme = readFileSync(new URL(`../../../demo-scenes/${name}/README.md`, import.meta.url), 'utf8');
    expect(() => fillPage(readme, { training })).not.toThrow();
  });
});

describe('describeLadder', () => {
  it('counts the seeds that reached the bar as they play better, and has ranges over seeds', () => {
    const weak = { ...record(2, null), sampled: { mean: 3, std: 1, length: 60 } };
    const table = describeLadder([
      { rung, records: [record(1, { decisions: 250_000, seconds: 62.5 }), weak] },
      { rung: { ...rung, name: 'crawler' }, records: [] },
    ]);
    expect(table.split('\n')[0]).toMatch(/^\| scene \| Unity’s benchmark \| bar \| seeds at the bar \|/);
    expect(table.split('\n').slice(2)).toEqual([
      '| [push-block](../demo-scenes/push-block/README.md) | 4.5 | 4.5 | 1 of 2 | 4.10 … 4.90 | 250,000 | 63 |',
    ]);
    expect(describeLadder([])).toBe('No runs are finished yet.');
  });

  it('has its place on the page of the repository', () => {
    const page = readFileSync(new URL('../../../docs/scenes.md', import.meta.url), 'utf8');
    expect(() => fillPage(page, { ladder: '', defaults: '' })).not.toThrow();
  });
});

describe('drawSceneCurves', () => {
  it('draws a line for each seed under its name, and the bar', () => {
    const { document } = parseHTML(drawSceneCurves(rung, records));
    const texts = [...document.querySelectorAll('text')].map(({ textContent }) => textContent);
    expect(texts).toEqual(expect.arrayContaining(['seed 1', 'seed 2', 'bar 4.5']));
    expect(document.querySelectorAll('g[aria-label="line"] path')).toHaveLength(2);
  });
});
