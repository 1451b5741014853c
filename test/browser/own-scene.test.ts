import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type {} from './page/yard-harness.ts';
import { serveSources } from './site.ts';
import { useSite } from './use-site.ts';

const visit = useSite(() => serveSources({ root: resolve(import.meta.dirname, 'page') }), { webgpu: false });

async function openYard(): Promise<{ page: Page; problems: string[] }> {
  const page = await visit.browser.newPage({ viewport: { width: 960, height: 600 } });
  const problems: string[] = [];
  page.setDefaultTimeout(90_000);
  page.on('pageerror', ({ message }) => problems.push(message));
  await page.goto(`${visit.site.url}yard-harness.html`);
  await page.waitForFunction(() => 'yards' in globalThis);
  return { page, problems };
}

describe('a scene from a glTF file, in a page', () => {
  it('trains in the page’s workers, a scene of its own for every area', async () => {
    const { page, problems } = await openYard();
    const { agents, decisions, changed } = await page.evaluate(() => globalThis.yards.trainYard(3));
    expect(agents).toBe(2);
    expect(decisions).toEqual([64, 128, 192]);
    expect(changed).toBe(true);
    expect(problems).toEqual([]);
  });

  it('plays its shipped policy where it is drawn, and keeps its nodes afterward', async () => {
    const { page, problems } = await openYard();
    const { score, way, nodesBefore, nodesAfter } = await page.evaluate(() => globalThis.yards.playYard(25));
    expect(score).toBeGreaterThanOrEqual(2);
    expect(way).toBeGreaterThan(10);
    expect(nodesAfter).toBe(nodesBefore);
    expect(problems).toEqual([]);
  });
});
