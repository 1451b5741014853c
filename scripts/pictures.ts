import { writeFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../test/browser/chromium.ts';
import { serveSources } from '../test/browser/site.ts';
import { findScenes } from './list-scenes.ts';

/** Takes the gallery's pictures: every scene as it plays its shipped policy, in light and dark. `npm run pictures`, or `npm run pictures -- <scene> …` for some */
async function takePictures(): Promise<void> {
  const browser = await launchChromium({ webgpu: false });
  const site = await serveSources();
  try {
    const named = process.argv.slice(2);
    for (const scene of named.length > 0 ? named : findScenes('demo-scenes')) {
      for (const theme of ['light', 'dark'] as const) {
        const file = `demo-scenes/${scene}/picture-${theme}.webp`;
        const picture = await takePicture(browser, `${site.url}#/${scene}`, theme);
        writeFileSync(file, picture);
        process.stdout.write(`${file} ${picture.length} bytes\n`);
      }
    }
  } finally {
    await browser.close();
    await site.dispose();
  }
}

async function takePicture(browser: Browser, url: string, colorScheme: 'light' | 'dark'): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 960, height: 600 }, colorScheme });
  page.setDefaultTimeout(300_000); // a software renderer draws some scenes once a second
  await page.goto(url);
  await page.addStyleTag({
    content:
      '.stage header, .play, .panel, .problem { display: none !important } .scene-page { grid-template-columns: 1fr !important }',
  });
  await page.waitForFunction(() => (globalThis.demo?.field?.scene.getFrameId() ?? 0) > 120);
  const png = await page.screenshot();
  const webp = await encode(page, png);
  await page.close();
  return webp;
}

/** WebP is a fifth of the PNG; the browser can write it. */
async function encode(page: Page, png: Buffer): Promise<Buffer> {
  const base64 = await page.evaluate(async (source) => {
    const bytes = Uint8Array.from(atob(source), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = document.createElement('canvas');
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext('2d')!.drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', 0.82).split(',')[1];
  }, png.toString('base64'));
  return Buffer.from(base64, 'base64');
}

await takePictures();
