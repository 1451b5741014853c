import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const DOCS = join(import.meta.dirname, '..', 'docs');

/** The pages of a folder by their file names, without its index. */
const pagesIn = (folder: string) => readdirSync(join(DOCS, folder)).filter((name) => name !== 'README.md');

const read = (folder: string, name: string) => readFileSync(join(DOCS, folder, name), 'utf8');

const headingOf = (folder: string, name: string) => /^# (.+)/.exec(read(folder, name))?.[1];

describe('docs/decisions/README.md', () => {
  const rows = [...read('decisions', 'README.md').matchAll(/^\| (\d+) \| \[(.+?)\]\((.+?)\) \| (.+?) \| (.+?) \|$/gm)];

  it('lists every decision once, in order, with the title of its page', () => {
    const listed = rows.map(([, number, title, file]) => `${file}: ${number}. ${title}`);
    expect(listed).toEqual(pagesIn('decisions').map((name) => `${name}: ${headingOf('decisions', name)}`));
  });

  it('numbers decisions from 1 without a gap', () => {
    expect(pagesIn('decisions').map((name) => Number(name.slice(0, 4)))).toEqual(rows.map((_, index) => index + 1));
  });

  it('says of each whether it holds, or which decision replaces it', () => {
    const odd = rows.filter(([, , , , , status]) => !/^(accepted|superseded by \[)/.test(status));
    expect(odd.map(([row]) => row)).toEqual([]);
  });
});

describe('docs/measurements/README.md', () => {
  const rows = [...read('measurements', 'README.md').matchAll(/^\| \[(.+?)\]\((.+?)\) \| .+? \| (.+?) \|$/gm)];

  it('lists every page of measurements with its title', () => {
    const listed = rows.map(([, title, file]) => `${file}: ${title}`);
    expect(listed).toEqual(pagesIn('measurements').map((name) => `${name}: ${headingOf('measurements', name)}`));
  });

  it('names decisions that link back to the page', () => {
    const apart = rows.flatMap(([, , file, decisions]) =>
      [...decisions.matchAll(/\(\.\.\/decisions\/(.+?)\)/g)]
        .filter(([, decision]) => !read('decisions', decision).includes(`../measurements/${file}`))
        .map(([, decision]) => `${decision} does not link to ${file}`),
    );
    expect(apart).toEqual([]);
  });
});
