import { describe, expect, it } from 'vitest';
import { itPlaysAsEvaluated, openShapes, serveShapes } from './shape-page.ts';
import { useSite } from './use-site.ts';

const visit = useSite(serveShapes, { webgpu: false });

/** A few of them; `npm run test:learning` plays fifty episodes of each. */
describe('games in the shapes of strangers, in a page', () => {
  it.each(['ragdoll', 'stars', 'app'])('train in the page’s workers as they are: %s', async (name) => {
    const { page, problems } = await openShapes(visit.browser, visit.site);
    const trained = await page.evaluate((of) => shapesOfStrangers.trainHere(of), name);
    expect(trained).toEqual({ decisions: [128, 256, 384], changed: true, warnings: [] });
    expect(problems).toEqual([]);
  });
});

describe('the game "stars", in a page', () => {
  itPlaysAsEvaluated(visit, 'stars', 4);
});
