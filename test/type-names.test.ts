import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const DECLARATION = /^(?:export )?(?:default )?(?:declare )?(?:abstract )?(?:interface|type|class|enum) (\w+)/gm;

/** Type names that several files declare, each with its files. */
function findTwins(sources: Readonly<Record<string, string>>): string[] {
  const files = new Map<string, string[]>();
  for (const [file, source] of Object.entries(sources))
    for (const [, name] of source.matchAll(DECLARATION)) files.set(name, [...(files.get(name) ?? []), file]);
  return [...files].filter(([, all]) => all.length > 1).map(([name, all]) => `${name}: ${all.join(', ')}`);
}

describe('type names', () => {
  it('have one meaning in plugin/: no two files declare the same one', () => {
    const names = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'plugin'], { encoding: 'utf8' })
      .split('\n')
      .filter((file) => /(?<!\.d)\.tsx?$/.test(file));
    expect(names.length).toBeGreaterThan(250);
    expect(findTwins(Object.fromEntries(names.map((file) => [file, readFileSync(file, 'utf8')])))).toEqual([]);
  });

  it('are found in every kind of declaration', () => {
    const sources = {
      'a.ts': 'export interface Layer {\n}\ntype Place = number;\nexport abstract class Pen {\n}\n',
      'b.ts':
        "interface Layer {\n}\nexport type Place = string;\nclass Pen {\n}\nexport type { Rule } from './c.ts';\n",
      'c.ts': 'export type Rule = string;\n  type Layer = 1; // in a function\n',
    };
    expect(findTwins(sources)).toEqual(['Layer: a.ts, b.ts', 'Place: a.ts, b.ts', 'Pen: a.ts, b.ts']);
  });
});
