import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, BrowserContext, Download, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { formatFigure } from '../../demo-scenes/panel/format.ts';
import { readTrainingRecord } from '../../plugin/index.ts';
import { launchChromium } from './chromium.ts';
import {
  countChartPixels,
  type DemoPage,
  dropFile,
  openPage,
  readText,
  waitForPhase,
  waitForPlay,
  waitForText,
  waitForUpdates,
} from './demo-page.ts';
import { serveSources } from './site.ts';
import { useSite } from './use-site.ts';

const POLICIES = ['low', 'high', 'keeper'];

const visit = useSite(() => serveSources({ root: resolve(import.meta.dirname, 'page') }), { webgpu: false });

/** Opens the page of the relay, and waits until it plays and its form has a field for each policy. */
async function openRelay(context: Browser | BrowserContext): Promise<DemoPage> {
  const opened = await openPage(context, `${visit.site.url}panel-harness.html`);
  await waitForPlay(opened.page);
  await opened.page.waitForSelector('#settings');
  return opened;
}

async function trainUntil(page: Page, updates: number): Promise<void> {
  await page.click('#train');
  await waitForUpdates(page, updates);
  await page.click('#pause');
  await waitForPhase(page, 'paused');
}

/** Mean returns of each policy, one an update. */
function readReturns(page: Page): Promise<Record<string, number[]>> {
  return page.evaluate(
    (names) => Object.fromEntries(names.map((name) => [name, [...demo.run.curvesOf(name).column('meanReturn')]])),
    POLICIES,
  );
}

/** Waits until the first chart says so of its newest point. */
async function waitForLegend(page: Page, meanReturn: number): Promise<void> {
  const says = ([wanted]: readonly [string]) =>
    document.querySelector('.chart .legend .line-0')?.textContent?.startsWith(`${wanted} ±`);
  await page.waitForFunction(says, [formatFigure(meanReturn)] as const);
}

describe('the panel of an environment with several policies', () => {
  it('tells the return of each, and draws the curves of the one that is chosen', async () => {
    const { page, problems } = await openRelay(visit.browser);
    await trainUntil(page, 6);
    const returns = await readReturns(page);
    const newest = POLICIES.map((name) => returns[name].at(-1) as number);
    expect(new Set(newest.map(formatFigure)).size).toBe(3); // so that one cannot be taken for another below
    await waitForText(page, 'mean-return', formatFigure(newest[0]));
    await waitForText(page, 'mean-return-high', formatFigure(newest[1]));
    await waitForText(page, 'mean-return-keeper', formatFigure(newest[2]));
    expect(await page.locator('#curves-policy option').allTextContents()).toEqual(POLICIES);
    await waitForLegend(page, newest[0]);
    expect((await countChartPixels(page))[0]).toBeGreaterThan(500); // it is drawn although there is no goal
    await page.selectOption('#curves-policy', 'keeper');
    await waitForLegend(page, newest[2]);
    await page.selectOption('#curves-policy', 'high');
    await waitForLegend(page, newest[1]);
    await page.click('#train');
    await page.waitForFunction((before) => demo.run.curvesOf('high').length > before, returns.high.length);
    await page.click('#pause');
    await waitForPhase(page, 'paused');
    await waitForLegend(page, (await readReturns(page)).high.at(-1) as number);
    expect(problems).toEqual([]);
  });

  it('has curves, returns and the lesson again after a reload', async () => {
    const context = await visit.browser.newContext();
    const { page, problems } = await openRelay(context);
    await trainUntil(page, 4);
    const before = await readReturns(page);
    await page.reload();
    await waitForPlay(page);
    await waitForPhase(page, 'paused');
    expect(await readReturns(page)).toEqual(before);
    for (const [name, id] of [
      ['low', 'mean-return'],
      ['high', 'mean-return-high'],
      ['keeper', 'mean-return-keeper'],
    ]) {
      await waitForText(page, id, formatFigure(before[name].at(-1)));
    }
    await page.selectOption('#curves-policy', 'keeper');
    await waitForLegend(page, before.keeper.at(-1) as number);
    await waitForText(page, 'lesson-high', 'more bars');
    expect(problems).toEqual([]);
  });

  it('trains each with what its field says, and refuses what is wrong in the words of the library', async () => {
    const { page, problems } = await openRelay(visit.browser);
    await page.click('#advanced summary');
    expect(await page.inputValue('[id="setting-policies.keeper"]')).toBe('{"hidden":[8]}');
    expect(await page.inputValue('[id="setting-policies.low"]')).toBe('');
    await page.fill('[id="setting-policies.high"]', '{"epochs": 0}');
    expect(await readText(page, 'setting-policies.high-mistake')).toBe(
      'Setting "policies.high.epochs" is 0. It must be an integer above 0.',
    );
    expect(await page.isDisabled('#train')).toBe(true);
    await page.fill('[id="setting-policies.high"]', '{"hidden": [4, 4]}');
    await trainUntil(page, 1);
    const hidden = await page.evaluate(() => demo.run.state.started!.policies.map(({ network }) => network.hidden));
    expect(hidden).toEqual([[16], [4, 4], [8]]);
    expect(await page.inputValue('[id="setting-policies.high"]')).toBe('{"hidden":[4,4]}');
    expect(await page.isDisabled('[id="setting-policies.high"]')).toBe(true);
    expect(problems).toEqual([]);
  });

  it('gives a file of each, and plays one that comes back', async () => {
    const { page, problems } = await openRelay(visit.browser);
    await trainUntil(page, 1);
    const files: Download[] = [];
    page.on('download', (file) => files.push(file));
    await page.click('#download-policy');
    await expect
      .poll(() => files.map((file) => file.suggestedFilename()))
      .toEqual(['relay-low.safetensors', 'relay-high.safetensors', 'relay-keeper.safetensors']);
    await page.selectOption('#source', 'shipped');
    const high = readFileSync(await files[1].path());
    await dropFile(page, 'mine.safetensors', high);
    await page.waitForFunction(() => document.getElementById('playing')!.textContent?.includes('mine'));
    expect(readTrainingRecord(high)?.meanReturn).toBe((await readReturns(page)).high.at(-1));
    expect(problems).toEqual([]);
  });

  it('learns on WebGPU, with a learner for each', async () => {
    const other = await launchChromium({ webgpu: true });
    try {
      const { page, problems } = await openRelay(other);
      await page.selectOption('#setting-backend', 'webgpu');
      await trainUntil(page, 2);
      expect(await readText(page, 'backend')).toBe('webgpu');
      const entropies = await page.evaluate(
        (names) => names.map((name) => [...demo.run.curvesOf(name).column('entropy')]),
        POLICIES,
      );
      for (const entropy of entropies) {
        expect(entropy.length).toBeGreaterThanOrEqual(2);
        expect(entropy.every(Number.isFinite)).toBe(true);
        expect(entropy[1]).not.toBe(entropy[0]);
      }
      expect(problems).toEqual([]);
    } finally {
      await other.close();
    }
  });
});

describe('the panel of an environment with lessons', () => {
  it('shows the lesson that it is at, when that is over, and which were completed', async () => {
    const { page, problems } = await openRelay(visit.browser);
    await trainUntil(page, 4);
    await waitForText(page, 'lesson-high', 'more bars');
    expect(await page.locator('.meter:has(#lesson-high)').textContent()).toBe('Lesson of highmore bars 2 of 3');
    expect(await page.locator('#lessons-high li').allTextContents()).toEqual([
      'few bars ✓',
      'more bars until more than 90 % of the budget is used',
      'only bars ',
    ]);
    expect(await page.locator('#lessons-high [aria-current=step]').textContent()).toContain('more bars');
    await page.click('.notes summary');
    expect(await page.locator('#notes').textContent()).toMatch(
      /Lesson "few bars" of high was completed after update \d. Next: "more bars"\./,
    );
    expect(problems).toEqual([]);
  });

  it('trains with lessons that were typed in, and without overlap where that is off', async () => {
    const { page, problems } = await openRelay(visit.browser);
    await page.click('#advanced summary');
    await page.uncheck('#setting-overlap');
    const completion = { measure: 'return', threshold: 1000, policy: 'low' };
    const lessons = [
      { name: 'half', value: 0.5, completion },
      { name: 'all', value: 1 },
    ];
    await page.fill('[id="setting-parameters.high"]', JSON.stringify({ lessons: lessons.slice(0, 1) }));
    expect(await readText(page, 'setting-parameters.high-mistake')).toMatch(
      /^Setting "parameters\.high\.lessons\.0\.completion" is .*It must be left out: nothing comes after the last lesson\.$/,
    );
    await page.fill('[id="setting-parameters.high"]', JSON.stringify({ lessons }));
    await trainUntil(page, 1);
    await waitForText(page, 'lesson-high', 'half');
    expect(await page.locator('#lessons-high [aria-current=step]').textContent()).toMatch(
      /^half until the mean return of low is above 1,000, over at least 100 episodes of low \(now -?[\d.]+ over the last \d+\)$/,
    );
    expect(await page.locator('#lanes + p').textContent()).toMatch(/Learner and workers take turns\.$/);
    expect(problems).toEqual([]);
  });
});
