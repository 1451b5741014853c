import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** The lines between `// snippet: name` and `// snippet end` of a file that compiles, without their common indentation. */
function readSnippet(file: string, name: string): string {
  const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
  const first = lines.findIndex((line) => line.trim() === `// snippet: ${name}`) + 1;
  const length = lines.slice(first).findIndex((line) => line.trim() === '// snippet end');
  const snippet = lines.slice(first, first + length);
  const indentation = Math.min(...snippet.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  return snippet.map((line) => line.slice(indentation)).join('\n');
}

describe('README.md', () => {
  const quoted = [...readme.matchAll(/<!-- (\S+) (\S+) -->\n```ts\n([\s\S]*?)```/g)];

  it('shows four snippets, short enough to read at once', () => {
    const lines = Object.fromEntries(quoted.map(([, , name, code]) => [name, code.trimEnd().split('\n').length]));
    expect(Object.keys(lines)).toEqual(['define', 'train', 'play', 'inspect']);
    expect(lines.define).toBeLessThanOrEqual(15);
    expect(lines.train).toBeLessThanOrEqual(8);
    expect(lines.play).toBeLessThanOrEqual(5);
    expect(lines.inspect).toBeLessThanOrEqual(5);
  });

  it.each(quoted.map(([, file, name, code]) => [file, name, code]))(
    'quotes %s as it compiles: %s',
    (file, name, code) => {
      expect(code).toBe(`${readSnippet(file, name)}\n`);
    },
  );

  it('links only to what is there', () => {
    const links = [...readme.matchAll(/\]\((?!http)([^)#]+)/g)].map(([, link]) => link);
    const entries = new Set(
      readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((entry) => !entry.startsWith('node_modules')),
    );
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((link) => !entries.has(link.replace(/\/$/, '')))).toEqual([]);
  });
});
