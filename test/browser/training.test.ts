import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './chromium.ts';
import type {} from './page/harness.ts';
import { type Site, serveSources } from './site.ts';

const SMALL = { seed: 7, workers: 2, areas: 8, horizon: 16, backend: 'wasm' } as const;

let browser: Browser;
let isolated: Site;
let plain: Site;

beforeAll(async () => {
  const root = resolve(import.meta.dirname, 'page');
  browser = await launchChromium({ webgpu: true });
  isolated = await serveSources({ root });
  plain = await serveSources({ root, isolated: false });
});

afterAll(async () => {
  await browser?.close();
  await Promise.all([isolated?.dispose(), plain?.dispose()]);
});

async function openHarness({ url }: Site): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(url);
  await page.waitForFunction(() => 'harness' in window);
  return page;
}

describe('train() in a page', () => {
  it('learns in workers that share their rollouts with the page', async () => {
    const page = await openHarness(isolated);
    const outcome = await page.evaluate(() =>
      window.harness.trainFor(30, { seed: 1, areas: 64, horizon: 64, backend: 'wasm' }, 4),
    );
    expect(outcome.isolated).toBe(true);
    expect(outcome.sharedRollouts).toBeGreaterThan(0);
    expect(outcome.transferredRollouts).toBe(0);
    expect(outcome.decisions).toEqual(outcome.decisions.map((_, i) => (i + 1) * 64 * 64));
    expect(outcome.meanReturns[0]).toBeLessThan(2);
    expect(outcome.meanReturns.at(-1)).toBeGreaterThanOrEqual(4);
  });

  it('learns the same to the last bit whether rollouts are shared or transferred', async () => {
    const [shared, transferred] = [await openHarness(isolated), await openHarness(plain)];
    const settings = { ...SMALL, maxDecisions: 2 * 8 * 16 }; // so that no third rollout is begun
    const one = await shared.evaluate((settings) => window.harness.trainFor(2, settings), settings);
    const other = await transferred.evaluate((settings) => window.harness.trainFor(2, settings), settings);
    expect(one).toMatchObject({ isolated: true, sharedRollouts: 4, transferredRollouts: 0 });
    expect(other).toMatchObject({ isolated: false, sharedRollouts: 0, transferredRollouts: 4 });
    expect(other.decisions).toEqual([8 * 16, 2 * 8 * 16]);
    expect(other.weights).toEqual(one.weights);
    expect(one.weights[1]).not.toEqual(one.weights[0]);
  });

  it('learns on WebGPU in the learner worker', async () => {
    const page = await openHarness(isolated);
    const settings = { ...SMALL, backend: 'webgpu', epochs: 1 } as const;
    const { backend, weights } = await page.evaluate((given) => window.harness.trainFor(1, given), settings);
    expect(backend).toBe('webgpu');
    expect(weights[0].every(Number.isFinite)).toBe(true);
  });

  it.each([
    ['throws', 0, 'Uncaught Error: wasm missing.'],
    ['throws', 1, 'Uncaught Error: wasm missing.'],
    ['missing', 0, 'its script could not be loaded.'],
  ] as const)('says which worker did not start when a script %s, from worker %i on', async (script, from, why) => {
    const page = await openHarness(isolated);
    const message = await page.evaluate(([s, n]) => window.harness.trainWithBrokenWorkers(s, n), [
      script,
      from,
    ] as const);
    expect(message).toMatch(/^(\[agents\] )?(Rollout worker 1|Learner worker) stopped: /);
    expect(message).toContain(`stopped: ${why}`);
  });

  it.each([
    [
      'faulty-after-step',
      /^\[agents\] afterStep\(\) of environment "faulty-after-step" failed in area 1, decision 2 of episode 1: broken\. See http\S+environments\.ts:\d+:\d+\.$/,
    ],
    [
      'timer',
      /^\[agents\] Rollout worker 1 stopped: Uncaught TypeError: broken\. The error came from .* See http\S+faulty-worker\.ts\S*:\d+:\d+\.$/,
    ],
    [
      'promise',
      /^\[agents\] Rollout worker 1 stopped: A promise was rejected and nothing awaits it: broken\. .* See http\S+faulty-worker\.ts:\d+:\d+\.$/,
    ],
    ['faulty-chance', /^Math\.random\(\) is called at http\S+environments\.ts:\d+:\d+: it ignores the seed/],
  ])('says what goes wrong in the user’s code, and in which line of the served file: %s', async (environment, told) => {
    const page = await openHarness(isolated);
    const all = await page.evaluate((name) => window.harness.trainFaulty(name), environment);
    expect(all).toEqual([expect.stringMatching(told)]);
  });

  it('starts a rollout worker again that was terminated, of which browsers say nothing', async () => {
    const page = await openHarness(isolated);
    const { warnings, updates } = await page.evaluate(() => window.harness.trainWithKilledWorker());
    expect(warnings).toEqual(['Rollout worker 1 stopped: its thread was ended. It is started again.']);
    expect(updates).toBe(4);
  });
});
