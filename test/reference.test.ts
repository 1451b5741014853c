import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finishSite } from '../docs/site/finish.ts';
import { ENTRIES, type Reference, readReference } from '../docs/site/reference.ts';
import manifest from '../package.json' with { type: 'json' };
import { temporaryFolder } from './package/project.ts';
import { deadLinksOf } from './site-links.ts';

const { path: site, dispose } = temporaryFolder();
afterAll(dispose);
let reference: Reference;
beforeAll(async () => {
  reference = await readReference();
});

describe('the API reference', () => {
  it('has all entries of the package', () => {
    const entries = Object.keys(manifest.exports).filter((entry) => entry !== './package.json');
    expect([...ENTRIES.keys()]).toEqual(entries.map((entry) => `babylon-agents${entry.slice(1)}`));
    expect(new Set(reference.exports.map(({ entry }) => entry))).toEqual(new Set(ENTRIES.keys()));
    expect(reference.exports.length).toBeGreaterThan(120);
  });

  it('misses no comment of an export or of its members, no link and no type', () => {
    expect(reference.complaints).toEqual([]);
  });

  it('begins every export with a sentence', () => {
    const fragments = reference.exports.filter(({ text }) => !/^[\p{Lu}`π].*?[.:]/su.test(text));
    expect(fragments.map(({ entry, name, text }) => `${name} of ${entry}: ${text}`)).toEqual([]);
  });

  it('says of every sensor what its floats are, and of every actuator what its actions are', () => {
    const classes = reference.exports.filter(({ kind }) => kind === 'class');
    const sensors = classes.filter(({ name }) => name.endsWith('Sensor'));
    const actuators = classes.filter(({ name }) => name.endsWith('Actuator'));
    expect([sensors.length, actuators.length]).toEqual([7, 6]);
    const silent = [
      ...sensors.filter((sensor) => !/\bfloats?\b|\bnumbers\b/.test(sensor.text)),
      ...actuators.filter((actuator) => !/\bactions?\b|\bchoices?\b|\bbranch(es)?\b/.test(actuator.text)),
    ];
    expect(silent.map(({ name }) => name)).toEqual([]);
  });
});

describe('the site', () => {
  it('has no dead link, picture or heading, wherever it is served', async () => {
    await reference.write(site);
    finishSite(site);
    expect(deadLinksOf(site, ['../index.html'])).toEqual([]);
    const html = readFileSync(join(site, 'documents', 'Settings.html'), 'utf8');
    expect(html).toContain('href="../../index.html"'); // the gallery's page, above the site
    expect(html).not.toMatch(/(href|src)="\//);
  });

  it('has the README first, then guides, decisions, scenes and every export', () => {
    const pages = ['index', 'documents/Train', 'documents/Decisions', 'documents/crawler'];
    const exported = ['classes/babylon-agents.RaySensor', 'functions/babylon-agents_training.train'];
    expect([...pages, ...exported].filter((page) => !existsSync(join(site, `${page}.html`)))).toEqual([]);
    expect(readFileSync(join(site, 'index.html'), 'utf8')).toContain('Agents that learn where your game runs');
  });

  it('draws diagrams, and shows source files as pages', () => {
    const architecture = readFileSync(join(site, 'documents', 'Architecture.html'), 'utf8');
    expect(architecture).toMatch(/<figure class="diagram"><svg[\s\S]*plugin\/learn/);
    expect(architecture).not.toContain('fonts.googleapis.com');
    expect(readFileSync(join(site, 'media', 'ppo.ts.html'), 'utf8')).toContain('export function surrogateLoss');
    expect(existsSync(join(site, 'media', 'ppo.ts'))).toBe(false);
  });
});
