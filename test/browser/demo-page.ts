import type { Scene } from '@babylonjs/core/scene.js';
import type { Browser, Page } from 'playwright-core';
import type { Playback } from '../../plugin/index.ts';

declare global {
  /** what the demo page leaves for the browser's console */
  var demo: { readonly scene: Scene; readonly playback: Playback };
}

/** The demo page in a browser, and everything that went wrong on it. */
export interface DemoPage {
  readonly page: Page;
  readonly problems: readonly string[];
}

/** Opens the page and waits until it plays. */
export async function openDemo(browser: Browser, url: string): Promise<DemoPage> {
  const page = await browser.newPage({ viewport: { width: 900, height: 600 } });
  page.setDefaultTimeout(60_000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(url);
  await page.waitForFunction(() => 'demo' in globalThis && demo.scene.getFrameId() > 1);
  return { page, problems };
}

/** Heights and places of all balls in their areas, in meters. */
export function readBalls(page: Page): Promise<number[]> {
  return page.evaluate(() =>
    demo.scene.meshes.filter(({ name }) => name === 'ball').flatMap(({ position: { x, y, z } }) => [x, y, z]),
  );
}

/** Waits until that many more frames were drawn. */
export async function waitForFrames(page: Page, frames: number): Promise<void> {
  const until = (await page.evaluate(() => demo.scene.getFrameId())) + frames;
  await page.waitForFunction((id) => demo.scene.getFrameId() >= id, until);
}

/** How many colours the middle of the page shows, and the share of its pixels that are red or orange like the balls. */
export async function lookAtStage(page: Page): Promise<{ readonly colours: number; readonly ballShare: number }> {
  const picture = await page.screenshot({ clip: { x: 150, y: 130, width: 600, height: 300 } });
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
    canvas.drawImage(image, 0, 0);
    const pixels = canvas.getImageData(0, 0, image.width, image.height).data;
    const colours = new Set<number>();
    let ballPixels = 0;
    for (let at = 0; at < pixels.length; at += 4) {
      const [red, green, blue] = pixels.subarray(at, at + 3);
      colours.add((red << 16) | (green << 8) | blue);
      if (red > green + 60 && red > blue + 80) ballPixels++;
    }
    return { colours: colours.size, ballShare: (4 * ballPixels) / pixels.length };
  }, picture.toString('base64'));
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

/** What a readout of the page says. */
export async function readText(page: Page, id: string): Promise<string> {
  return (await page.locator(`#${id}`).textContent()) ?? '';
}
