import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { holdNodePlatform } from '../../workers/node-platform.ts';
import { resolveAddresses } from '../../workers/page-addresses.ts';

it('addresses of a worker are those of its page, and whole ones stay', async () => {
  const release = holdNodePlatform();
  const site = mkdtempSync(join(tmpdir(), 'agents-'));
  writeFileSync(join(site, 'hills.json'), '[3]');
  resolveAddresses(pathToFileURL(join(site, 'index.html')).href);
  expect(await (await fetch('hills.json')).json()).toEqual([3]);
  expect(await (await fetch('data:,5')).text()).toBe('5');
  const asked = new XMLHttpRequest();
  asked.open('GET', './hills.json');
  const text = await new Promise((resolve) => {
    asked.addEventListener('loadend', () => resolve(asked.responseText));
    asked.send();
  });
  expect(text).toBe('[3]');
  release();
});
