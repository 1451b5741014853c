import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openGame, serveDuel, waitForPhase } from './duel-site.ts';
import { useSite } from './use-site.ts';

const visit = useSite(serveDuel, { webgpu: false });

/** Where both bots are, x and z in turn. */
function readBots(page: Page): Promise<number[]> {
  return page.evaluate(() => game!.fight.duel.bots.flatMap(({ position }) => [position.x, position.z]));
}

describe("the duel's build", () => {
  it('has Babylon, Havok and the library in it, and neither TensorFlow.js nor Comlink nor any of the trainer', () => {
    const modules = visit.site.chunks.flatMap((chunk) => Object.keys(chunk.modules));
    expect(modules.length).toBeGreaterThan(100);
    for (const wanted of ['/plugin/policy/policy.ts', '/@babylonjs/core/', '/@babylonjs/havok/'])
      expect(modules.some((id) => id.includes(wanted))).toBe(true);
    const unwanted = /@tensorflow|comlink|\/plugin\/(learn|train|cli|inspector)\/|\/workers\//;
    expect(modules.filter((id) => unwanted.test(id))).toEqual([]);
  });
});

describe('the duel in a browser', () => {
  it.each([
    ['easy', 'Digit1'],
    ['medium', 'Digit2'],
    ['hard', 'Digit3'],
  ] as const)('begins a round against %s by a key, and both bots move', async (strength, key) => {
    const { page, problems } = await openGame(visit.browser, visit.site);
    await page.keyboard.press(key);
    await waitForPhase(page, 'countdown');
    expect(await page.evaluate(() => game!.strength)).toBe(strength);
    const before = await readBots(page);
    await waitForPhase(page, 'fight');
    await page.keyboard.down('KeyW');
    await page.waitForFunction(() => game!.fight.duel.seconds > 0.4 || game!.match.phase !== 'fight');
    const after = await readBots(page);
    expect(await page.evaluate(() => game!.fight.duel.bots[0].push.z)).toBeCloseTo(1, 2); // into the picture
    expect(Math.hypot(after[0] - before[0], after[1] - before[1])).toBeGreaterThan(0.05);
    expect(Math.hypot(after[2] - before[2], after[3] - before[3])).toBeGreaterThan(0.05);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('counts a round for the opponent when the person walks off the ring, and goes on to the next', async () => {
    const { page, problems } = await openGame(visit.browser, visit.site);
    await page.keyboard.press('Digit1');
    await waitForPhase(page, 'fight');
    await page.keyboard.down('ArrowDown');
    await page.keyboard.press('Space');
    await waitForPhase(page, 'aftermath');
    expect(await page.evaluate(() => game!.match.score)).toEqual([0, 1]);
    expect(await page.locator('#opponent-pips .on').count()).toBe(1);
    await page.keyboard.up('ArrowDown');
    await waitForPhase(page, 'countdown');
    const [, z] = await readBots(page);
    expect(z).toBeLessThan(-1.7); // back at its mark, on the near side
    expect(problems).toEqual([]);
    await page.close();
  });

  it('is played with two thumbs on a phone: one is the stick, the other dashes', async () => {
    const size = { width: 300, height: 480 };
    const phone = await visit.browser.newContext({ hasTouch: true, isMobile: true, viewport: size });
    const { page, problems } = await openGame(phone, visit.site, size);
    await page.tap('[data-strength=easy]');
    await waitForPhase(page, 'fight');
    const touchscreen = await phone.newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove', ...touchPoints: { x: number; y: number }[]) =>
      touchscreen.send('Input.dispatchTouchEvent', { type, touchPoints });
    const dash = (await page.locator('#dash').boundingBox())!;
    await touch('touchStart', { x: 80, y: 300 });
    await touch('touchMove', { x: 80, y: 200 });
    await touch('touchStart', { x: 80, y: 200 }, { x: dash.x + 20, y: dash.y + 50 });
    expect(await page.locator('#stick').isVisible()).toBe(true);
    await page.waitForFunction(() => game!.fight.duel.bots[0].dashes > 0);
    expect(await page.evaluate(() => game!.fight.duel.bots[0].push.z)).toBeCloseTo(1, 2); // up is into the picture
    expect(problems).toEqual([]);
    await phone.close();
  });

  it('swaps the opponent between matches, and stands still while it is paused', async () => {
    const { page, problems } = await openGame(visit.browser, visit.site);
    await page.keyboard.press('Digit3');
    await waitForPhase(page, 'fight');
    await page.keyboard.press('KeyP');
    expect(await page.evaluate(() => game!.fight.playback.paused)).toBe(true);
    const still = await readBots(page);
    const frame = await page.evaluate(() => game!.frames);
    await page.waitForFunction((from) => game!.frames > from + 3, frame);
    expect(await readBots(page)).toEqual(still);
    await page.keyboard.press('Escape');
    await waitForPhase(page, 'menu');
    await page.locator('[data-strength=medium]').click();
    await waitForPhase(page, 'fight');
    expect(await page.textContent('#opponent-name')).toBe('Brunt');
    expect(await page.evaluate(() => game!.fight.playback.paused)).toBe(false);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('ends a match at five rounds, and plays it again', async () => {
    const { page, problems } = await openGame(visit.browser, visit.site);
    await page.keyboard.press('Digit2');
    await waitForPhase(page, 'fight');
    await page.evaluate(() => {
      const { match } = game!;
      while (match.phase !== 'over') {
        match.endRound('won');
        match.advance(5);
      }
    });
    expect(await page.textContent('#result-title')).toBe('You win!');
    await page.keyboard.press('Enter');
    await waitForPhase(page, 'countdown');
    expect(await page.evaluate(() => game!.match.score)).toEqual([0, 0]);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('downloads less than 400 kB of scripts, compressed, and a policy for each strength', async () => {
    const { page, problems } = await openGame(visit.browser, visit.site);
    for (const key of ['Digit1', 'Escape', 'Digit2', 'Escape', 'Digit3']) {
      await page.keyboard.press(key);
      await waitForPhase(page, key === 'Escape' ? 'menu' : 'countdown');
    }
    await waitForPhase(page, 'fight');
    const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
    const files = [...new Set(loaded.map((url) => basename(new URL(url).pathname)))];
    const sizes = files
      .filter((name) => name.endsWith('.js'))
      .map((name) => gzipSync(readFileSync(join(visit.site.folder, 'assets', name)), { level: 9 }).length);
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeGreaterThan(300_000);
    expect(bytes).toBeLessThan(400_000);
    expect(files.filter((name) => name.endsWith('.safetensors'))).toHaveLength(3);
    expect(problems).toEqual([]);
    await page.close();
  });
});
