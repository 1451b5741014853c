import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type {} from './page/keys-harness.ts';
import { serveSources } from './site.ts';
import { useSite } from './use-site.ts';

const visit = useSite(() => serveSources({ root: resolve(import.meta.dirname, 'page') }), { webgpu: false });

async function open(): Promise<Page> {
  const page = await visit.browser.newPage();
  page.setDefaultTimeout(90_000);
  await page.goto(`${visit.site.url}keys-harness.html`);
  await page.waitForFunction(() => 'keys' in globalThis);
  return page;
}

describe('KeyActuator in a page', () => {
  it('is heard by whoever listens, each once, though something else has the focus', async () => {
    const page = await open();
    const heard = await page.evaluate(() => globalThis.keys.press());
    const all = (type: string) =>
      ['action', 'canvas', 'device', 'document', 'scene', 'window'].map((who) => `${who} ${type} KeyW w 87 87 false`);
    expect(heard.slice(0, 6).sort()).toEqual(all('keydown'));
    expect(heard.slice(6).sort()).toEqual(all('keyup'));
  });

  it('lets go of its keys when the scene is disposed', async () => {
    const page = await open();
    expect(await page.evaluate(() => globalThis.keys.leave())).toEqual(['keydown', 'keyup']);
  });

  it('plays a game by its own controls', async () => {
    const page = await open();
    expect(await page.evaluate(() => globalThis.keys.collect(12))).toBeGreaterThanOrEqual(3);
  });
});
