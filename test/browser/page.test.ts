import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Policy, parsePolicy, writePolicy } from '../../plugin/index.ts';
import { launchChromium } from './chromium.ts';
import { dropFile, lookAtStage, openDemo, readBalls, readText, waitForFrames } from './demo-page.ts';
import { type Site, serveBuild, serveSources } from './site.ts';

const shipped = parsePolicy(readFileSync('demo-scenes/balance-ball/balance-ball.safetensors'));

let browser: Browser;
let site: Site;

beforeAll(async () => {
  browser = await launchChromium({ webgpu: false });
  site = await serveSources();
});

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

afterAll(async () => {
  await browser?.close();
  await site?.dispose();
});

async function expectPlay(page: Page): Promise<void> {
  const before = await readBalls(page);
  await waitForFrames(page, 3);
  const after = await readBalls(page);
  expect(after).toHaveLength(16 * 3);
  expect(after).not.toEqual(before);
  const { colours, ballShare } = await lookAtStage(page);
  expect(colours).toBeGreaterThan(100);
  expect(ballShare).toBeGreaterThan(0.001);
}

/** Presses Train, waits for two updates, presses Stop. */
async function trainBriefly(page: Page): Promise<void> {
  await page.click('#train');
  await page.waitForFunction(() => Number(document.getElementById('decisions')!.textContent?.replace(',', '')) >= 8192);
  expect(Number(await readText(page, 'mean-return'))).not.toBeNaN();
  expect(await readText(page, 'backend')).toBe('wasm');
  expect(await readText(page, 'memory')).toBe('shared');
  await page.click('#stop');
  await page.waitForSelector('#train:visible');
  expect(await readText(page, 'playing')).toMatch(/^Stopped after \d+ s\. Playing what it learned in \d+ updates\.$/);
}

describe('the demo page', () => {
  it('plays the shipped policy with WebGL 2', async () => {
    const { page, problems } = await openDemo(browser, site.url);
    expect(await page.evaluate(() => demo.scene.getEngine().isWebGPU)).toBe(false);
    await expectPlay(page);
    expect(await readText(page, 'playing')).toMatch(/^Playing the policy that comes with the demo: [\d,]+ decisions/);
    expect(problems).toEqual([]);
  });

  it('plays the shipped policy with WebGPU', async () => {
    const other = await launchChromium({ webgpu: true });
    try {
      const { page, problems } = await openDemo(other, site.url);
      expect(await page.evaluate(() => demo.scene.getEngine().isWebGPU)).toBe(true);
      await expectPlay(page);
      expect(problems).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('trains when asked to, and plays every new policy', async () => {
    const { page, problems } = await openDemo(browser, site.url);
    await page.evaluate(() => {
      const { playback } = demo;
      const control = playback.control;
      playback.control = (policy) => {
        document.body.dataset.policies = String(Number(document.body.dataset.policies ?? 0) + 1);
        control(policy);
      };
    });
    await trainBriefly(page);
    const policies = await page.evaluate(() => Number(document.body.dataset.policies));
    expect(await readText(page, 'playing')).toContain(`in ${policies} updates`);
    expect(problems).toEqual([]);
  });

  it('plays a policy file that is dropped on it', async () => {
    const { page } = await openDemo(browser, site.url);
    const record = { environment: 'balance-ball', seed: 1, decisions: 12_345, meanReturn: 6.789 };
    await dropFile(page, 'mine.safetensors', writePolicy(shipped, record));
    await page.waitForFunction(() => document.getElementById('playing')!.textContent?.includes('mine'));
    expect(await readText(page, 'playing')).toBe(
      'Playing mine.safetensors: 12,345 decisions of training, mean return 6.79.',
    );
    expect(await page.isVisible('#problem')).toBe(false);
  });

  it('says why a dropped file is no policy for it, and plays on', async () => {
    const { page } = await openDemo(browser, site.url);
    await dropFile(page, 'notes.txt', new TextEncoder().encode('Buy milk and a new ball.'));
    await page.waitForSelector('#problem:visible');
    expect(await readText(page, 'problem-text')).toMatch(/^"notes\.txt" is .*safetensors.*\.$/);

    const { spec } = shipped;
    const blind = new Policy({ ...spec, layout: { ...spec.layout, sensors: [{ name: 'nose', size: 3 }] } });
    await dropFile(page, 'blind.safetensors', writePolicy(blind));
    await page.waitForFunction(() => document.getElementById('problem-text')!.textContent?.includes('nose'));
    expect(await readText(page, 'problem-text')).toMatch(/nose 3.*but the agent.*tilt 2, ball 6/);
    expect(await readText(page, 'playing')).toMatch(/^Playing the policy that comes with the demo/);
    await waitForFrames(page, 2);
  });

  it('says what keeps it from starting', async () => {
    const page = await browser.newPage();
    await page.route(/\.safetensors$/, (route) => route.fulfill({ status: 404 }));
    await page.goto(site.url);
    await page.waitForSelector('#problem:visible');
    expect(await readText(page, 'problem-text')).toContain('cannot be fetched: 404');
    expect(await readText(page, 'playing')).toBe('The scene could not be shown.');
  });

  it('says when its program is not loaded', async () => {
    const page = await browser.newPage();
    await page.route(/scenes\.ts$/, (route) => route.abort());
    await page.goto(site.url);
    await page.waitForFunction(() => document.getElementById('playing')!.textContent !== 'Loading…');
    expect(await readText(page, 'playing')).toContain('could not be loaded');
  });

  it('plays and trains as a production build', async () => {
    const built = await serveBuild();
    try {
      const { page, problems } = await openDemo(browser, built.url);
      await expectPlay(page);
      await trainBriefly(page);
      expect(problems).toEqual([]);
    } finally {
      await built.dispose();
    }
  });
});
