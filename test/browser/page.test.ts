import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { environments } from '../../demo-scenes/catalog.ts';
import { Policy, parsePolicy, readTrainingRecord, writePolicy } from '../../plugin/index.ts';
import { launchChromium } from './chromium.ts';
import {
  countChartPixels,
  countColors,
  dropFile,
  openDemo,
  openPage,
  readBalls,
  readRun,
  readText,
  readTilt,
  waitForFrames,
  waitForPhase,
  waitForPlay,
  waitForText,
  waitForUpdates,
} from './demo-page.ts';
import { serveSources } from './site.ts';
import { serveStatic } from './static-site.ts';
import { useSite } from './use-site.ts';

const shipped = parsePolicy(readFileSync('demo-scenes/balance-ball/balance-ball.safetensors'));

const visit = useSite(serveSources, { webgpu: false });

async function expectPlay(page: Page): Promise<void> {
  const before = await readBalls(page);
  await waitForFrames(page, 3);
  const after = await readBalls(page);
  expect(after).toHaveLength(16 * 3);
  expect(after).not.toEqual(before);
  expect(await countColors(page)).toBeGreaterThan(100);
}

/** Sets a goal and a budget that no test lives to see: a fast machine solves the scene before a slow page is clicked. */
async function neverFinish(page: Page): Promise<void> {
  await page.fill('#setting-until', '1000');
  await page.fill('#setting-maxDecisions', '1000000000');
}

async function trainUntil(page: Page, updates: number): Promise<void> {
  await page.click('#train');
  await waitForUpdates(page, updates);
}

/** Whether something lies over the middle of an element. */
function isCovered(selector: string): boolean {
  const element = document.querySelector(selector)!;
  const { x, y, width, height } = element.getBoundingClientRect();
  return document.elementFromPoint(x + width / 2, y + height / 2) !== element;
}

/** Heights of all charts with their captions. */
function readChartHeights(page: Page): Promise<number[]> {
  return page.evaluate(() => [...document.querySelectorAll('.chart')].map((chart) => chart.clientHeight));
}

/** Presses a download button and takes the file. */
async function download(page: Page, button: string): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const [given] = await Promise.all([page.waitForEvent('download'), page.click(button)]);
  return { name: given.suggestedFilename(), bytes: readFileSync(await given.path()) };
}

describe('the gallery', () => {
  it('shows every scene of the catalog, with a picture, and loads no Babylon', async () => {
    const { page, problems } = await openPage(visit.browser, visit.site.url);
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.reload();
    await page.waitForSelector('.card');
    const addresses = await page
      .locator('.card')
      .evaluateAll((cards) => cards.map((card) => card.getAttribute('href')));
    expect(addresses).toEqual(Object.keys(environments).map((name) => `#/${name}`));
    const widths = await page.locator('.card img').evaluateAll((images) =>
      Promise.all(
        images.map(async (image) => {
          await (image as HTMLImageElement).decode();
          return (image as HTMLImageElement).naturalWidth;
        }),
      ),
    );
    expect(Math.min(...widths)).toBeGreaterThanOrEqual(640);
    expect(await page.locator('.card').first().textContent()).toMatch(/Learned in [\d,]+ decisions: mean return \d/);
    expect(requests.filter((url) => /babylonjs|havok|uplot|safetensors$/i.test(url))).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('opens a scene that plays its shipped policy, and comes back', async () => {
    const { page, problems } = await openPage(visit.browser, visit.site.url);
    await page.click('.card');
    await waitForPlay(page);
    expect(page.url()).toContain('#/balance-ball');
    expect(await page.title()).toContain('Balance ball');
    await expectPlay(page);
    expect(await readText(page, 'playing')).toMatch(/^Playing the policy shipped with the scene: [\d,]+ decisions/);
    await page.click('nav a');
    await page.waitForSelector('.card');
    expect(problems).toEqual([]);
  });

  it('says so when there is no such scene, with a way back', async () => {
    const { page } = await openPage(visit.browser, `${visit.site.url}#/chess`);
    expect(await page.locator('[role=alert].notice').textContent()).toContain('no scene “chess”');
    await page.click('.notice a');
    await page.waitForSelector('.notice', { state: 'detached' });
  });
});

describe('training on the page', () => {
  it('raises the counts, draws the curves, holds when it is paused, and resumes', async () => {
    const { page, problems } = await openDemo(visit.browser, visit.site.url);
    await neverFinish(page);
    await trainUntil(page, 8);
    await page.click('#pause');
    await waitForPhase(page, 'paused');
    const paused = await readRun(page);
    expect(paused).toMatchObject({ points: paused.updates, decisions: paused.updates * 2048, last: paused.decisions });
    await page.waitForFunction(
      (count) => document.getElementById('decisions')?.textContent === count,
      paused.decisions.toLocaleString('en'),
    );
    expect(await readText(page, 'backend')).toBe('wasm');
    expect(await readText(page, 'memory')).toContain('shared memory');
    expect(await readText(page, 'playing')).toContain('latest policy');
    expect(await page.locator('#lanes').textContent()).toMatch(/physics \d.*learning \d/s);
    expect(await page.locator('#lanes + p').textContent()).toMatch(/Learner and workers work at the same time\.$/);
    await page.waitForFunction(() => document.querySelectorAll('.plot canvas').length === 7); // they open one a frame
    const pixels = await countChartPixels(page);
    expect(Math.min(...pixels.slice(0, 3))).toBeGreaterThan(300); // those below may not have been in sight yet
    await waitForFrames(page, 10);
    expect(await readRun(page)).toEqual(paused);
    const heights = await readChartHeights(page);
    await page.locator('.plot').nth(2).hover();
    await page.waitForFunction(() => document.querySelector('.legend')!.textContent?.includes('at '));
    expect(await readChartHeights(page)).toEqual(heights); // a chart must not move away below the pointer

    await waitForText(page, 'train', 'Resume');
    await trainUntil(page, paused.updates + 2);
    await page.click('#stop');
    await waitForPhase(page, 'paused');
    await waitForText(page, 'train', 'Resume');
    expect(problems).toEqual([]);
  });

  it('resumes after a reload in mid-training with its curves intact, and forgets when it is told to', async () => {
    const context = await visit.browser.newContext({ viewport: { width: 1280, height: 720 } });
    const { page, problems } = await openDemo(context, visit.site.url);
    await neverFinish(page);
    await trainUntil(page, 4);
    await page.waitForFunction(() => (demo.run.state.savedUpdates ?? 0) > 0);
    const before = await page.evaluate(() => Array.from(demo.run.curvesOf().column('entropy')));
    await page.reload();
    await waitForPlay(page);
    await waitForPhase(page, 'paused');
    await waitForText(page, 'train', 'Resume');
    const found = await readRun(page);
    expect(found.points).toBe(found.updates);
    expect(found.points).toBeGreaterThan(0);
    const after = await page.evaluate(() => Array.from(demo.run.curvesOf().column('entropy')));
    const both = Math.min(before.length, after.length);
    expect(after.slice(0, both)).toEqual(before.slice(0, both));
    expect(await page.getAttribute('#curves', 'data-points')).toBe(String(found.points));
    await trainUntil(page, found.updates + 1);
    const on = await page.evaluate(() => Array.from(demo.run.curvesOf().column('entropy')));
    expect(on.slice(0, after.length)).toEqual(after);
    await page.click('#pause');
    await waitForPhase(page, 'paused');

    await page.click('#reset');
    await page.click('#forget');
    await waitForPhase(page, 'idle');
    expect(await page.evaluate(() => demo.run.curvesOf().length)).toBe(0);
    await waitForText(page, 'train', 'Train');
    expect(problems).toEqual([]);
  });

  it('refuses wrong settings in the words of the library, and trains with right ones', async () => {
    const { page, problems } = await openDemo(visit.browser, visit.site.url);
    await page.fill('#setting-areas', 'many');
    expect(await readText(page, 'setting-areas-mistake')).toBe(
      'Setting "areas" is "many". It must be an integer from 1 to 65536.',
    );
    expect(await page.isDisabled('#train')).toBe(true);
    await page.fill('#setting-areas', '8');
    await page.click('#advanced summary');
    await page.fill('#setting-horizon', '16');
    await page.selectOption('#setting-activation', 'relu');
    await trainUntil(page, 1);
    expect(await page.evaluate(() => demo.run.state.started!.settings)).toMatchObject({
      areas: 8,
      horizon: 16,
      activation: 'relu',
      hidden: [128, 128],
    });
    expect(await page.isDisabled('#setting-areas')).toBe(true);
    expect(await page.inputValue('#setting-areas')).toBe('8');
    expect(problems).toEqual([]);
  });
});

describe('files on the page', () => {
  it('gives its policy and its checkpoint, and takes both back', async () => {
    const { page, problems } = await openDemo(visit.browser, visit.site.url);
    await neverFinish(page);
    await trainUntil(page, 3);
    await page.click('#pause');
    await waitForPhase(page, 'paused');
    const { updates, decisions } = await readRun(page);
    const policy = await download(page, '#download-policy');
    const checkpoint = await download(page, '#download-checkpoint');
    expect(policy.name).toBe('balance-ball.safetensors');
    expect(readTrainingRecord(policy.bytes)).toMatchObject({ environment: 'balance-ball', decisions });
    expect(checkpoint.name).toBe('balance-ball-checkpoint.safetensors');

    await dropFile(page, 'mine.safetensors', policy.bytes);
    await page.waitForFunction(() => document.getElementById('playing')!.textContent?.includes('mine'));
    expect(await readText(page, 'playing')).toContain(
      `Playing mine.safetensors: ${decisions.toLocaleString('en')} decisions of training`,
    );
    await page.click('#reset');
    await page.click('#forget');
    await waitForPhase(page, 'idle');
    await dropFile(page, 'other.safetensors', checkpoint.bytes);
    await waitForPhase(page, 'paused');
    expect(await page.evaluate(() => demo.run.state.savedUpdates)).toBe(updates);
    await trainUntil(page, updates + 1);
    expect((await readRun(page)).decisions).toBeGreaterThan(decisions);
    expect(await page.isVisible('#problem')).toBe(false);
    expect(problems).toEqual([]);
  });

  it('says why a dropped file is no policy for it, and plays on', async () => {
    const { page } = await openDemo(visit.browser, visit.site.url);
    await dropFile(page, 'notes.txt', new TextEncoder().encode('Buy milk and a new ball.'));
    await page.waitForSelector('#problem:visible');
    expect(await readText(page, 'problem')).toMatch(/^"notes\.txt" is .*safetensors.*\./);

    const { spec, weights } = shipped;
    const sensors = [{ name: 'nose', size: 8 }]; // as many floats, of another sense
    const blind = new Policy({ ...spec, layout: { ...spec.layout, sensors } }, weights);
    await dropFile(page, 'blind.safetensors', writePolicy(blind));
    await page.waitForFunction(() => document.getElementById('problem')!.textContent?.includes('nose'));
    const table = await page.locator('#problem pre').innerText();
    expect(table).toMatch(/^ {2}sensor {4}nose 8 +– +removed\n {2}sensor {4}– +tilt 2 +added\n/m); // a line for each part
    expect(await page.evaluate(isCovered, '#train')).toBe(false);
    expect(await readText(page, 'playing')).toMatch(/^Playing the policy shipped with the scene/);
    await waitForFrames(page, 2);
    await page.click('nav a');
    await page.waitForSelector('.card');
    expect(await page.isVisible('#problem')).toBe(false); // it was about the page that was left
  });
});

describe('play on the page', () => {
  it('lets the keyboard tilt the first platform and no other', async () => {
    const { page, problems } = await openDemo(visit.browser, visit.site.url);
    const toolbar = page.locator('.play');
    const before = await toolbar.boundingBox();
    await page.click('#drive');
    expect(await page.locator('#keys kbd').count()).toBeGreaterThan(3);
    expect(await toolbar.boundingBox()).toEqual(before); // the keys take no room of the scene
    await page.keyboard.down('ArrowRight');
    const tilted = () => {
      const [platform] = demo.field!.playback.clock.areas[0].root.getChildMeshes(
        false,
        ({ name }) => name === 'platform',
      );
      const { z, x } = platform.rotationQuaternion!;
      return Math.max(Math.abs(z), Math.abs(x)) > 0.2;
    };
    await page.waitForFunction(tilted);
    await page.keyboard.up('ArrowRight');
    const other = await readTilt(page, 5);
    expect(Math.max(Math.abs(other.z), Math.abs(other.x))).toBeLessThan(0.2);
    expect(problems).toEqual([]);
  });

  it('holds, takes single decisions, and shows another number of areas', async () => {
    const { page, problems } = await openDemo(visit.browser, visit.site.url);
    await page.click('#play-pause');
    await waitForFrames(page, 2);
    const held = await readBalls(page);
    await waitForFrames(page, 3);
    expect(await readBalls(page)).toEqual(held);
    await page.click('#step');
    await waitForFrames(page, 2);
    expect(await readBalls(page)).not.toEqual(held);
    await page.click('#areas label:has-text("4")');
    await page.waitForFunction(() => demo.field!.playback.clock.areas.length === 4);
    await page.click('#sampled');
    await page.selectOption('#speed', '0.1');
    await page.click('#overlay');
    const state = await page.evaluate(() => {
      const { deterministic, speed, overlay } = demo.field!;
      return { deterministic, speed, overlay };
    });
    expect(state).toEqual({ deterministic: false, speed: 0.1, overlay: true });
    await waitForFrames(page, 2);
    expect(problems).toEqual([]);
  });

  it('plays with WebGPU', async () => {
    const other = await launchChromium({ webgpu: true });
    try {
      const { page, problems } = await openDemo(other, visit.site.url);
      expect(await page.evaluate(() => demo.field!.scene.getEngine().isWebGPU)).toBe(true);
      await expectPlay(page);
      expect(problems).toEqual([]);
    } finally {
      await other.close();
    }
  });
});

describe('a scene that is its environment’s own, on the page', () => {
  it('plays the policy that it ships, by itself, with the overlay and at the keyboard', async () => {
    const { page, problems } = await openPage(visit.browser, `${visit.site.url}#/beacon-yard`);
    await waitForPlay(page);
    const goal = () => demo.field!.scene.getTransformNodeByName('beacon')!.absolutePosition.asArray();
    const before = await page.evaluate(goal);
    expect(await page.locator('#areas').count()).toBe(0);
    expect(await readText(page, 'playing')).toMatch(/^Playing the policy shipped with the scene: [\d,]+ decisions/);
    await page.click('#overlay');
    await page.waitForFunction(() => demo.field!.scene.getMeshByName('overlay-lines')?.isVisible);
    expect(await countColors(page)).toBeGreaterThan(100);
    await page.click('#play-pause');
    await page.evaluate(() => {
      for (let i = 0; i < 100; i++) demo.field!.stepDecision();
    });
    expect(await page.evaluate(goal)).not.toEqual(before); // it reached one beacon at the least
    await page.click('#drive');
    expect(await page.textContent('#keys')).toContain('turn left');
    expect(problems).toEqual([]);
  });

  it('trains in the page’s workers, and plays what they learned', async () => {
    const { page, problems } = await openPage(visit.browser, `${visit.site.url}#/beacon-yard`);
    await waitForPlay(page);
    await neverFinish(page);
    await page.fill('#setting-areas', '4');
    await trainUntil(page, 2);
    await page.waitForFunction(() => document.getElementById('playing')!.textContent?.includes('latest policy'));
    await page.click('#stop');
    await waitForPhase(page, 'paused');
    expect((await readRun(page)).decisions).toBeGreaterThanOrEqual(2 * 4 * 64);
    expect(problems).toEqual([]);
  });
});

describe('the page', () => {
  it('fits a phone', async () => {
    const { page, problems } = await openDemo(visit.browser, visit.site.url);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.click('#drive');
    await waitForFrames(page, 2);
    const { wide, tall } = await page.evaluate(() => {
      const { scrollWidth, scrollHeight } = document.documentElement;
      return { wide: scrollWidth, tall: scrollHeight };
    });
    expect(wide).toBe(390);
    expect(tall).toBeGreaterThan(844);
    expect(problems).toEqual([]);
  });

  it('changes colors with the system and with the button', async () => {
    const { page } = await openPage(visit.browser, visit.site.url);
    await page.waitForSelector('.card');
    const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await back();
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(back).not.toBe(light);
    await page.click('button[aria-label="Use light colors"]');
    expect(await back()).toBe(light);
  });

  it('says what keeps it from starting', async () => {
    const page = await visit.browser.newPage();
    await page.route(/\.safetensors$/, (route) => route.fulfill({ status: 404 }));
    await page.goto(`${visit.site.url}#/balance-ball`);
    await page.waitForSelector('#problem:visible');
    expect(await readText(page, 'problem')).toContain('cannot be fetched: 404');
  });

  it('says that it cannot draw without WebGL, and trains', async () => {
    const blind = await launchChromium({ webgpu: false, webgl: false });
    try {
      const { page } = await openPage(blind, `${visit.site.url}#/balance-ball`);
      await page.waitForSelector('#problem:visible');
      expect(await readText(page, 'problem')).toContain('neither WebGPU nor WebGL');
      expect(await readText(page, 'playing')).toBe('The scene cannot be displayed here. Training works without it.');
      await trainUntil(page, 1);
    } finally {
      await blind.close();
    }
  });

  it('says when its program is not loaded', async () => {
    const page = await visit.browser.newPage();
    await page.route(/scenes\.ts$/, (route) => route.abort());
    await page.goto(visit.site.url);
    await page.waitForFunction(() => document.getElementById('app')!.textContent !== 'Loading…');
    expect(await readText(page, 'app')).toContain('could not be loaded');
  });

  it('plays and trains as a production build without isolation, by transfer, and says so', async () => {
    const built = await serveStatic();
    try {
      const { page, problems } = await openDemo(visit.browser, built.url);
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
      const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await back();
      await page.click('button[aria-label="Use dark colors"]');
      expect(await back()).not.toBe(light);
      await expectPlay(page);
      await trainUntil(page, 2);
      expect(await readText(page, 'memory')).toContain('transferred');
      await page.goto(built.url);
      expect(await page.getAttribute('#documentation', 'href')).toBe('./docs/index.html');
      expect(problems).toEqual([]);
    } finally {
      await built.dispose();
    }
  });
});
