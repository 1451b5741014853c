import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { prepareNodeWorkers } from '../../plugin/cli/node-workers.ts';
import { evaluate } from '../../plugin/training.ts';
import { SHAPES } from '../shapes/catalog.ts';
import { trainShape } from '../shapes/train-shape.ts';
import type {} from './page/shapes-harness.ts';
import { serveSources } from './site.ts';
import { useSite } from './use-site.ts';

const EPISODES = 6;

const WORKER = join(import.meta.dirname, '..', 'shapes', 'worker.ts');
const visit = useSite(() => serveSources({ root: resolve(import.meta.dirname, 'page'), entries: [WORKER] }), {
  webgpu: false,
});
const createWorker = await prepareNodeWorkers(WORKER);

async function openPage(): Promise<{ page: Page; problems: string[] }> {
  const page = await visit.browser.newPage({ viewport: { width: 320, height: 200 } });
  const problems: string[] = [];
  page.setDefaultTimeout(90_000);
  page.on('pageerror', ({ message }) => problems.push(message));
  await page.goto(`${visit.site.url}shapes-harness.html`);
  await page.waitForFunction(() => 'shapesOfStrangers' in globalThis);
  return { page, problems };
}

describe.each(Object.keys(SHAPES))('the game "%s", in a page', (name) => {
  it('trains in the page’s workers as it is', async () => {
    const { page, problems } = await openPage();
    const trained = await page.evaluate((of) => shapesOfStrangers.trainHere(of), name);
    expect(trained).toEqual({ decisions: [128, 256, 384], changed: true, warnings: [] });
    expect(problems).toEqual([]);
  });

  it('plays as it is evaluated, at any rate of the display', async () => {
    const { policy } = await trainShape(name, createWorker);
    const asked = { createWorker, episodes: EPISODES, areas: 1, deterministic: true };
    const evaluated = await evaluate(policy, asked);
    const standardError = evaluated.stdReturn / Math.sqrt(EPISODES);
    for (const rate of [30, 60, 144]) {
      const { page, problems } = await openPage();
      const play = [name, [...policy], rate, EPISODES] as const;
      const returns = await page.evaluate((args) => shapesOfStrangers.playHere(...args), play);
      const mean = returns.reduce((sum, value) => sum + value, 0) / EPISODES;
      expect(Math.abs(mean - evaluated.meanReturn), `at ${rate} frames/s`).toBeLessThanOrEqual(standardError);
      expect(problems).toEqual([]);
      await page.close();
    }
  });
});
