import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeReport } from '../../../bench/ablation/page.ts';
import { SETTINGS } from '../../../bench/ablation/protocol.ts';
import { formatReport, makeReport, summarizeReport, writeReport } from '../../../bench/ablation/report.ts';
import { fillPage } from '../../../bench/markdown.ts';
import { BASELINES, recordOf, recordsOf, SCOPE } from './fixture-runs.ts';

/** Every run of push returns ten times the paper's score above random, of swing a hundred times. */
const RUNS = recordsOf(SCOPE, ({ setting, task }) => {
  const { paper } = SETTINGS.find(({ name }) => name === setting)!;
  return task === 'push' ? 20 + 10 * (paper ?? 0.2) : -500 + 100 * (paper ?? 0.2);
});
const FAILED = RUNS.map((run, i) =>
  i === 0 ? { ...run, decisions: 512, failure: 'Its numbers were not finite.' } : run,
);
const report = makeReport(SCOPE, [...BASELINES, ...FAILED]);

describe('makeReport', () => {
  it('scores the runs of the protocol, and takes no others', () => {
    const strangers = RUNS.map((run) => recordOf({ ...run, protocol: 'of before' }, 1e6));
    const again = makeReport(SCOPE, [...strangers, ...BASELINES, ...FAILED]);
    expect(again).toEqual(report);
    expect(report.runs).toHaveLength(48);
    const clip02 = report.settings.find(({ setting }) => setting === 'clip-0.2');
    expect(clip02?.score).toBeCloseTo(1); // the paper's best is the best here
    expect(report.settings[0].score).toBeCloseTo(-0.39 / 0.82);
  });

  it('knows how many runs are planned when few are done', () => {
    const some = makeReport(SCOPE, [...BASELINES, ...RUNS.slice(0, 5)]);
    expect(some.runs).toHaveLength(5);
    expect(some.planned).toBe(48);
  });
});

describe('describeReport', () => {
  const sections = describeReport(report, '../pictures');

  it('has ours beside the paper’s, and says where runs failed', () => {
    expect(sections.scores).toContain('| No clipping or penalty | −0.48 ± 0.00 | −0.39 | 4, of which 1 failed |');
    expect(sections.scores).toContain('| Clipping, ε = 0.2 | **1.00 ± 0.00** | 0.82 | 4 |');
    expect(sections.scores).toContain('| Policy gradient, one epoch | 0.24 ± 0.00 | – | 4 |');
  });

  it('has the means of each task, between random and best', () => {
    expect(sections.returns).toContain('| Clipping, ε = 0.2 | 28.2 | −418 |');
    expect(sections.returns).toContain('| _random policy: 0_ | 20.0 | −500 |');
    expect(sections.returns).toContain('| _best run: 1_ | 28.2 | −418 |');
    expect(sections.returns).toContain('| _decisions of a run_ | 1,000 | 2,000 |');
  });

  it('says how long it took on what, and which runs failed', () => {
    // 48 runs of 30 s, two at once; 47 of 1000 decisions and one of 512
    expect(sections.runs).toContain(
      '48 of 48 runs are done: 47,512 decisions in 12 min (Abacus, 2 cores, 2 runs at once).',
    );
    expect(sections.runs).toContain(
      '- unclipped on push, seed 1, failed after 512 decisions, and counts with the mean return of 16.1 that it had reached: Its numbers were not finite.',
    );
  });

  it('says of every claim whether it holds', () => {
    expect(sections.order.match(/\| yes \|/g)).toHaveLength(4);
    const few = describeReport(makeReport(SCOPE, [...BASELINES, ...RUNS.slice(0, 2)]), '');
    expect(few.order.match(/\| not all runs are done \| – \|/g)).toHaveLength(4);
  });
});

describe('describeReport', () => {
  it('finds every section on the page of the repository', () => {
    const own = readFileSync(new URL('../../../docs/ablation.md', import.meta.url), 'utf8');
    expect(() => fillPage(own, describeReport(report, ''))).not.toThrow();
  });
});

describe('writeReport', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ablation-'));
    const template = join(folder, 'template.md');
    writeFileSync(
      template,
      Object.keys(describeReport(report, ''))
        .map((name) => `<!-- generated: ${name} -->\n<!-- /generated -->\n`)
        .join('\n'),
    );
    writeReport(report, { folder: join(folder, 'pictures'), page: join(folder, 'page.md'), template });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const picture = (name: string) => parseHTML(readFileSync(join(folder, 'pictures', name), 'utf8')).document;
  const texts = (name: string) => [...picture(name).querySelectorAll('text')].map(({ textContent }) => textContent);

  it('writes a page that shows the pictures where they lie', () => {
    const page = readFileSync(join(folder, 'page.md'), 'utf8');
    expect(page).toContain('](pictures/scores.svg)');
    expect(page).toContain('](pictures/learning-curves.svg)');
  });

  it('draws a panel for each task, a line for each setting, on white', () => {
    expect(texts('learning-curves.svg')).toEqual(
      expect.arrayContaining(['Push', 'Swing', 'decisions', 'Clipping, ε = 0.2']),
    );
    const { document } = { document: picture('learning-curves.svg') };
    expect(document.querySelectorAll('[aria-label="line"] path')).toHaveLength(2 * 12);
    expect(document.querySelector('svg > rect')?.getAttribute('fill')).toBe('white');
  });

  it('draws a dot of ours for each setting and one for each row of the paper', () => {
    const dots = [...picture('scores.svg').querySelectorAll('[aria-label="dot"]')].map(
      (group) => group.children.length,
    );
    expect(dots).toEqual([11, 12]);
    expect(texts('scores.svg')).toEqual(expect.arrayContaining(['Fixed KL, β = 3', 'ours', 'paper', '−0.48', '0.82']));
  });
});

describe('summarizeReport', () => {
  it('has what the line of JSON is to have', () => {
    const { settings, order, runs, planned } = JSON.parse(JSON.stringify(summarizeReport(report)));
    expect(settings[2]).toMatchObject({
      setting: 'clip-0.2',
      paper: 0.82,
      std: 0,
      runs: 4,
      perTask: { push: 28.2, swing: -418 },
    });
    expect(order.clip02AtLeastEachFixedKl).toMatchObject({ holds: true });
    expect({ runs, planned }).toEqual({ runs: 48, planned: 48 });
  });
});

describe('formatReport', () => {
  it('has a line for each setting and each claim', () => {
    const lines = formatReport(report).trimEnd().split('\n');
    expect(lines).toHaveLength(1 + 12 + 4);
    expect(lines[1]).toBe('unclipped                   −0.48 ± 0.00   paper −0.39');
  });
});
