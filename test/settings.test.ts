import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TRAINING_DEFAULTS } from '../plugin/training.ts';
import { MARKS, PAGE, readSettings, settingsTable } from '../scripts/settings.ts';

const ROOT = join(import.meta.dirname, '..');
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

  it('have their real defaults wherever a guide has a table of them', () => {
    const rows = guideRows();
    expect(rows.length).toBeGreaterThan(20);
    const wrong = rows.filter(([, name, value]) => {
      const setting = settings.find((known) => known.name === name);
      return setting && !['one per core', '–'].includes(value) && plain(value) !== JSON.stringify(setting.default);
    });
    expect(wrong.map(([row]) => row)).toEqual([]);
  });
});

/** Rows of tables in guides whose second column is a default. */
function guideRows(): RegExpExecArray[] {
  return readdirSync(join(ROOT, 'docs/guides')).flatMap((file) => {
    const text = readFileSync(join(ROOT, 'docs/guides', file), 'utf8');
    return [...text.matchAll(/^\| setting \| default [\s\S]*?\n\n/gm)].flatMap(([table]) => [
      ...table.matchAll(/^\| `(\w+)` \| (.*?) \|/gm),
    ]);
  });
}

/** `1 000 000`, `1e-3`, `−0.5` and `` `linear` `` as JSON. */
function plain(value: string): string {
  const text = value.replace('−', '-');
  if (/^`\w/.test(text)) return JSON.stringify(text.replaceAll('`', ''));
  return JSON.stringify(JSON.parse(text.replace(/(?<=\d) (?=\d)/g, '')));
}
