import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type {} from './page/heights-harness.ts';
import { serveSources } from './site.ts';
import { useSite } from './use-site.ts';

const visit = useSite(() => serveSources({ root: resolve(import.meta.dirname, 'page') }), { webgpu: false });

async function readHeights(environment: string): Promise<string> {
  const page = await visit.browser.newPage();
  await page.goto(`${visit.site.url}heights-harness.html`);
  await page.waitForFunction(() => 'heights' in globalThis);
  return await page.evaluate((name) => globalThis.heights.readHeights(name), environment);
}

describe('grounds of images, in a page’s worker', () => {
  it('have their hills: of files beside the page, in PNG and JPEG, and of data', async () => {
    const found = await readHeights('heights');
    expect(found).toContain('png 0,2,4,10; data 0,2,4,10; jpg 2,10,2,10; displaced ');
    const [, displaced] = /displaced ([\d,]+)/.exec(found)!;
    expect(new Set(displaced.split(','))).toEqual(new Set(['0', '2', '4', '10']));
  });

  it('are missed by name, where the server has a page in place of an image', async () => {
    expect(await readHeights('missing')).toMatch(
      /The image "valleys\.png" that createScene\(\) of environment "missing" asked for is an HTML page; .* Ground "png" has no vertices without it\./,
    );
  });
});
