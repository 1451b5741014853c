import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TRAINING_DEFAULTS } from '../plugin/training.ts';
import { MARKS, PAGE, readSettings, settingsTable } from '../scripts/settings.ts';

const FOLDER = join(import.meta.dirname, '..', 'docs', 'guides');
const GUIDES = readdirSync(FOLDER);
const readGuide = (file: string) => readFileSync(join(FOLDER, file), 'utf8');
const settings = readSettings();

describe('the settings', () => {
  it('are all declared once: a sentence, a default that the check accepts, and what the check asks for', () => {
    const names = settings.map(({ name }) => name);
    expect(names.toSorted()).toEqual([...Object.keys(TRAINING_DEFAULTS), 'until'].sort());
    expect(settings.find(({ name }) => name === 'areas')).toEqual({
      name: 'areas',
      about: 'Copies of the environment that collect experience at once, shared out among the workers.',
      unit: 'copies',
      default: 64,
      rule: expect.stringMatching(/ from 1 to 65536$/),
      kind: 'number',
    });
    for (const { about, rule } of settings) {
      expect(about).toMatch(/^[A-Z].*\.$/);
      expect(rule).toMatch(/^(a|an|one of|true or false)\b/);
    }
  });

  it('stand in docs/settings.md as they are declared (npm run settings)', () => {
    expect(readFileSync(PAGE, 'utf8').match(MARKS)?.[0]).toBe(settingsTable());
  });

  it('have one table of defaults: no guide has a second one', () => {
    const repeating = GUIDES.filter((file) => /^\| setting \| default /m.test(readGuide(file)));
    expect(repeating).toEqual([]);
  });

  it('are known and named once in the advice of the training reference', () => {
    const [table] = readGuide('training-reference.md').match(/^\| setting \| change it when [\s\S]*?\n\n/m)!;
    const names = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !settings.some((known) => known.name === name))).toEqual([]);
    expect(names).toEqual([...new Set(names)]);
  });

  it('have their real defaults where the guide from ML-Agents compares them', () => {
    const rows = [...readGuide('from-ml-agents.md').matchAll(/^\| `\w+` \| `(\w+)` \| default (\S+) here/gm)];
    expect(rows.map(([, name]) => name)).toEqual(['epochs', 'learningRate']);
    const wrong = rows.filter(([, name, value]) => settings.find((known) => known.name === name)?.default !== +value);
    expect(wrong.map(([row]) => row)).toEqual([]);
  });
});
