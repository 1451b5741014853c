import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Field } from '../../demo-scenes/field/field.ts';
import type { LiveRun } from '../../demo-scenes/run/live-run.ts';

declare global {
  /** what the demo page leaves for the browser's console; the field comes once the scene is on display */
  var demo: { readonly run: LiveRun; readonly field?: Field };
}

/** The demo page in a browser, and everything that went wrong on it. */
export interface DemoPage {
  readonly page: Page;
  readonly problems: readonly string[];
}

/** A page of the site in a window of its own, with storage of its own unless it is opened in a given context. */
export async function openPage(browser: Browser | BrowserContext, url: string): Promise<DemoPage> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  page.setDefaultTimeout(60_000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(url);
  return { page, problems };
}

/** Opens balance-ball's page and waits until it plays. */
export async function openDemo(browser: Browser | BrowserContext, url: string): Promise<DemoPage> {
  const demoPage = await openPage(browser, `${url}#/balance-ball`);
  await waitForPlay(demoPage.page);
  return demoPage;
}

/** Waits until the scene is drawn. */
export async function waitForPlay(page: Page): Promise<void> {
  await page.waitForFunction(() => ('demo' in globalThis ? (demo.field?.scene.getFrameId() ?? 0) : 0) > 1);
}

/** Heights and places of all balls in their areas, in meters. */
export function readBalls(page: Page): Promise<number[]> {
  return page.evaluate(() =>
    demo.field!.playback.clock.areas.flatMap(({ root }) => {
      const [ball] = root.getChildMeshes(false, ({ name }) => name === 'ball');
      const { x, y, z } = ball.position;
      return [x, y, z];
    }),
  );
}

/** How far the platform of an area is turned: z and x of its quaternion. */
export function readTilt(page: Page, area: number): Promise<{ readonly z: number; readonly x: number }> {
  return page.evaluate((i) => {
    const { root } = demo.field!.playback.clock.areas[i];
    const [platform] = root.getChildMeshes(false, ({ name }) => name === 'platform');
    const { z, x } = platform.rotationQuaternion!;
    return { z, x };
  }, area);
}

/** Waits until that many more frames were drawn. */
export async function waitForFrames(page: Page, frames: number): Promise<void> {
  const until = (await page.evaluate(() => demo.field!.scene.getFrameId())) + frames;
  await page.waitForFunction((id) => demo.field!.scene.getFrameId() >= id, until);
}

/** How many colors the middle of the stage shows. */
export async function countColors(page: Page): Promise<number> {
  const picture = await page.screenshot({ clip: { x: 200, y: 180, width: 500, height: 400 } });
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
    canvas.drawImage(image, 0, 0);
    const pixels = new Uint32Array(canvas.getImageData(0, 0, image.width, image.height).data.buffer);
    return new Set(pixels).size;
  }, picture.toString('base64'));
}

/** Pixels of every chart that are drawn at all, axes and grid included. */
export function countChartPixels(page: Page): Promise<number[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLCanvasElement>('.plot canvas')].map((canvas) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let drawn = 0;
      for (let at = 3; at < data.length; at += 4) if (data[at] > 0) drawn++;
      return drawn;
    }),
  );
}

/** Waits until the run has made that many updates in all. */
export async function waitForUpdates(page: Page, updates: number): Promise<void> {
  await page.waitForFunction((least) => (demo.run.state.update?.update ?? 0) >= least, updates);
}

/** Waits until the run is in a phase. */
export async function waitForPhase(page: Page, phase: LiveRun['state']['phase']): Promise<void> {
  await page.waitForFunction((wanted) => demo.run.state.phase === wanted, phase);
}

/** What the run has come to. */
export function readRun(page: Page): Promise<{ updates: number; decisions: number; points: number; last: number }> {
  return page.evaluate(() => {
    const { update = 0, decisions = 0 } = demo.run.state.update ?? {};
    const curves = demo.run.curvesOf();
    return { updates: update, decisions, points: curves.length, last: curves.decisions.at(-1) ?? 0 };
  });
}

/** Lets go of a file over the page. */
export async function dropFile(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  await page.evaluate(
    ([file, base64]) => {
      const content = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content], file));
      const target = document.getElementById('stage')!;
      for (const kind of ['dragover', 'drop']) {
        target.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer }));
      }
    },
    [name, Buffer.from(bytes).toString('base64')],
  );
}

/** What an element of the page says. */
export async function readText(page: Page, id: string): Promise<string> {
  return (await page.locator(`[id="${id}"]`).textContent()) ?? ''; // ids may have dots
}

/** Waits until an element of the page says so: what it shows follows the run by a moment. */
export async function waitForText(page: Page, id: string, text: string): Promise<void> {
  await page.waitForFunction(([of, wanted]) => document.getElementById(of)?.textContent === wanted, [
    id,
    text,
  ] as const);
}
