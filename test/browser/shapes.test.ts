import { describe, expect, it } from 'vitest';
import { SHAPES } from '../shapes/catalog.ts';
import { itPlaysAsEvaluated, openShapes, serveShapes } from './shape-page.ts';
import { useSite } from './use-site.ts';

const visit = useSite(serveShapes, { webgpu: false });

describe.each(Object.keys(SHAPES))('the game "%s", in a page', (name) => {
  it('trains in the page’s workers as it is', async () => {
    const { page, problems } = await openShapes(visit.browser, visit.site);
    const trained = await page.evaluate((of) => shapesOfStrangers.trainHere(of), name);
    expect(trained).toEqual({ decisions: [128, 256, 384], changed: true, warnings: [] });
    expect(problems).toEqual([]);
  });

  itPlaysAsEvaluated(visit, name, 4); // `npm run test:learning` plays fifty episodes
});
