import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { prepareNodeWorkers } from '../../plugin/cli/node-workers.ts';
import { evaluate } from '../../plugin/training.ts';
import { trainShape } from '../shapes/train-shape.ts';
import type {} from './page/shapes-harness.ts';
import { type Site, serveSources } from './site.ts';
import type { Visit } from './use-site.ts';

const WORKER = join(import.meta.dirname, '..', 'shapes', 'worker.ts');
const createWorker = await prepareNodeWorkers(WORKER);

/** frames/s of displays */
const RATES = [30, 60, 144];

export const serveShapes = () => serveSources({ root: resolve(import.meta.dirname, 'page'), entries: [WORKER] });

/** The page of the shapes in a window of its own, and what went wrong on it. */
export async function openShapes(browser: Browser, site: Site): Promise<{ page: Page; problems: string[] }> {
  const page = await browser.newPage({ viewport: { width: 320, height: 200 } });
  const problems: string[] = [];
  page.setDefaultTimeout(90_000);
  page.on('pageerror', ({ message }) => problems.push(message));
  await page.goto(`${site.url}shapes-harness.html`);
  await page.waitForFunction(() => 'shapesOfStrangers' in globalThis);
  return { page, problems };
}

/** Holds that so many episodes of a policy return as much in the page as in a worker of Node, within one standard error. */
export function itPlaysAsEvaluated(visit: Visit, name: string, episodes: number): void {
  it.each(RATES)('plays as it is evaluated, on a display of %i frames/s', async (rate) => {
    const { policy } = await trainShape(name, createWorker);
    const { meanReturn, stdReturn } = await evaluate(policy, { createWorker, episodes, areas: 1 });
    const { page, problems } = await openShapes(visit.browser, visit.site);
    const play = [name, [...policy], rate, episodes] as const;
    const returns = await page.evaluate((args) => shapesOfStrangers.playHere(...args), play);
    const mean = returns.reduce((sum, value) => sum + value, 0) / episodes;
    expect(Math.abs(mean - meanReturn)).toBeLessThanOrEqual(stdReturn / Math.sqrt(episodes));
    expect(problems).toEqual([]);
  });
}
