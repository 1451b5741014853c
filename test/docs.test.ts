import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const GUIDES = readdirSync(join(ROOT, 'docs', 'guides')).map((name) => `docs/guides/${name}`);

/** Code in a document: what its marker says it quotes, when it has one. */
interface Quotation {
  readonly language: string;
  readonly code: string;
  readonly file: string | undefined;
  readonly snippet: string | undefined;
}

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** Every block of code, with the `<!-- file snippet -->` or `<!-- file -->` on the line before it. */
function quotationsOf(document: string): Quotation[] {
  return [...read(document).matchAll(/(?:<!-- (\S+)(?: (\S+))? -->\n)?^```(\w*)\n([\s\S]*?)^```$/gm)].map(
    ([, file, snippet, language, code]) => ({ language, code, file, snippet }),
  );
}

/** A whole file, or the lines between `// snippet: name` and `// snippet end` of it without their common indentation. */
function readSnippet(file: string, name: string | undefined): string {
  if (name === undefined) return read(file);
  const lines = read(file).split('\n');
  const first = lines.findIndex((line) => line.trim() === `// snippet: ${name}`) + 1;
  expect(first, `${file} has a snippet ${name}`).toBeGreaterThan(0);
  const length = lines.slice(first).findIndex((line) => line.trim() === '// snippet end');
  const snippet = lines.slice(first, first + length);
  const indentation = Math.min(...snippet.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  return `${snippet.map((line) => line.slice(indentation)).join('\n')}\n`;
}

/** `In a page` as the address of its heading: `in-a-page` */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\d\s-]/gu, '')
    .replaceAll(' ', '-');

/** The addresses of a document's headings; what looks like one in a block of code is none. */
function anchorsOf(document: string): string[] {
  const prose = read(document).replace(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading));
}

/** Links of a document that lead nowhere: to no file, or to no heading of it. */
function brokenLinksOf(document: string): string[] {
  const prose = read(document).replace(/^```[\s\S]*?^```$/gm, '');
  const links = [...prose.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link]) => link);
  return links.filter((link) => {
    const [path, heading] = link.split('#');
    const target = path === '' ? document : normalize(join(dirname(document), path));
    if (target.includes('node_modules') || !existsSync(join(ROOT, target))) return true;
    return heading !== undefined && !anchorsOf(target).includes(heading);
  });
}

describe('README.md', () => {
  const quoted = quotationsOf('README.md').filter(({ language }) => language === 'ts');

  it('shows six snippets, those after the first short enough to read at once', () => {
    const lines = Object.fromEntries(quoted.map(({ snippet, code }) => [snippet, code.trimEnd().split('\n').length]));
    expect(Object.keys(lines)).toEqual(['environment', 'worker', 'train', 'play', 'drive', 'inspect']);
    expect(lines.worker).toBeLessThanOrEqual(8);
    expect(lines.train).toBeLessThanOrEqual(8);
    expect(lines.play).toBeLessThanOrEqual(5);
    expect(lines.drive).toBeLessThanOrEqual(5);
    expect(lines.inspect).toBeLessThanOrEqual(5);
  });

  it('begins with a whole file, the one that the guide to training begins with', () => {
    const [{ code, file, snippet }] = quoted;
    const [first] = quotationsOf('docs/guides/train.md').filter(({ language }) => language === 'ts');
    expect(first).toEqual({ language: 'ts', code, file, snippet });
    const source = read(file!);
    expect(source.replace(/^\/\/ snippet.*\n/gm, '').trim()).toBe(code.trim());
  });
});

describe.each(['README.md', ...GUIDES])('%s', (document) => {
  const quotations = quotationsOf(document);

  it('quotes all its TypeScript and JavaScript from files that compile or run', () => {
    const code = quotations.filter(({ language }) => ['ts', 'tsx', 'js', 'jsx'].includes(language));
    expect(code.length).toBeGreaterThan(0);
    expect(code.filter(({ file }) => file === undefined).map(({ code }) => code)).toEqual([]);
  });

  it('quotes those files word for word', () => {
    for (const { file, snippet, code } of quotations) {
      if (file !== undefined) expect(code, `${file} ${snippet ?? ''}`).toBe(readSnippet(file, snippet));
    }
  });

  it('links only to what is there', () => {
    expect(brokenLinksOf(document)).toEqual([]);
  });
});

const SCENES = readdirSync(join(ROOT, 'demo-scenes'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => `demo-scenes/${name}`);

const PAGES = ['docs', 'docs/decisions', 'docs/measurements', 'bench/tasks', ...SCENES].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`),
);

describe.each(['CONTRIBUTING.md', ...PAGES])('%s', (document) => {
  it('quotes all its TypeScript and JavaScript from files that compile or run, word for word', () => {
    const code = quotationsOf(document).filter(({ language }) => ['ts', 'tsx', 'js', 'jsx'].includes(language));
    expect(code.filter(({ file }) => file === undefined).map(({ code }) => code)).toEqual([]);
    for (const { file, snippet, code: quoted } of code) expect(quoted).toBe(readSnippet(file!, snippet));
  });

  it('links only to what is there', () => {
    expect(brokenLinksOf(document)).toEqual([]);
  });
});

describe('docs/change.md', () => {
  it('names files and folders that exist', () => {
    const named = [...read('docs/change.md').matchAll(/`([a-z-]+\/[\w./-]*)`/g)].map(([, path]) => path);
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((path) => path !== 'babylon-agents/testing' && !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe('docs/ppo.md', () => {
  it('names functions that stand in the files that it points to', () => {
    const named = [...read('docs/ppo.md').matchAll(/\[`(\w+)`\]\(\.\.\/([^)]+\.ts)\)/g)];
    expect(named.length).toBeGreaterThan(20);
    const missing = named.filter(([, name, file]) => !new RegExp(`\\b${name}\\b`).test(read(file)));
    expect(missing.map(([, name, file]) => `${name} in ${file}`)).toEqual([]);
  });
});
